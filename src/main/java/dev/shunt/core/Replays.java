package dev.shunt.core;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sends dead letters again, by the flag of that moment. */
public interface Replays {

    /**
     * Sends one letter again; two at once move it once.
     *
     * @param by who orders it
     * @return empty if there is no such letter
     * @throws UnavailableException if it cannot be said whether it may be sent: nothing was changed
     */
    Optional<Outcome> replay(long id, String by);

    /** Gives a letter up for good. Empty if there is no such letter. */
    Optional<Outcome> discard(long id, String by, String why);

    sealed interface Outcome {
        /**
         * Accepted again.
         *
         * @param route where it runs now
         * @param workflowId the workflow that carries it, if one does
         */
        record Sent(Route route, @Nullable String workflowId) implements Outcome {}

        /** It is marked as replayed, but could not be sent yet; that is tried again until it can. */
        record Waiting(String why) implements Outcome {}

        record Discarded() implements Outcome {}

        /** Nothing was changed, because somebody moved it on before. */
        record NotDead(DeadLetterArchive.State state) implements Outcome {}

        /** Nothing was sent: it cannot be read even now. */
        record Unreadable(String reason) implements Outcome {}

        /** Nothing was changed: the same item is still on a route, or its burial is not finished. */
        record InFlight() implements Outcome {}
    }
}
