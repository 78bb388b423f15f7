package dev.shunt.core;

import java.util.List;

/** A workload's implementation of its effects for the legacy route: one group in, one committed transaction out. */
public interface ItemHandler {

    /**
     * Commits the effects of a group. One bad item never fails its group.
     *
     * @return one outcome for each delivery, in order; all are durable when this returns
     * @throws UnavailableException on a transient fault: nothing of the group may be acknowledged, all of it is to be
     *     handled again
     */
    List<Outcome> handle(List<Delivery> group);

    /** What became of one delivery. */
    sealed interface Outcome {

        /**
         * Its effects and its ledger row are committed by this delivery.
         *
         * @param pending whether a later step (price, summary) is still to be finished; a settled item has none
         */
        record Stored(boolean pending) implements Outcome {}

        /** Another delivery had committed it; nothing changed. */
        record Duplicate() implements Outcome {}

        /** This same delivery had committed it before a crash; nothing changed. */
        record Replayed() implements Outcome {}

        /**
         * It can never be stored: a dead letter.
         *
         * @param reason names the field
         */
        record Rejected(String reason) implements Outcome {}
    }
}
