package dev.shunt.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An accepted item in the hands of a route's worker.
 *
 * @param workload the kind of work
 * @param stamp what was decided at acceptance, and what happened since
 * @param message the wire message without the stamp
 * @param deliveryId who delivers: a second no-op with the same id is a replay after a crash, with another id a duplicate
 * @param execution the Temporal execution that carries it, if one does
 * @param decoded what the workload's {@link MessageCodec} made of this very message, so that its handler in this process
 *     need not decode it a second time; null if nobody did, and then only the message counts. Opaque here, never written
 * @param effort what it took so far, for the comparator
 */
public record Delivery(
        Workload workload,
        Stamp stamp,
        @SuppressWarnings("ArrayRecordComponent") byte[] message,
        String deliveryId,
        @Nullable Execution execution,
        @Nullable Object decoded,
        Effort effort) {

    /** How the ids of deliveries by a worker outside begin. */
    public static final String OUTSIDE = "external@";

    /**
     * @param workflowId the workflow's business id
     * @param runId one run of it
     */
    public record Execution(String workflowId, String runId) {}

    /**
     * What a delivery took until now. It decides nothing; the ledger keeps it and the comparator shows it.
     *
     * @param startedAt when a worker took it up, by that worker's clock; null if nobody noted it
     * @param attempts tries so far, the present one included; at least 1
     * @param temporalActions billable actions on Temporal so far; 0 on the legacy route
     */
    public record Effort(@Nullable Instant startedAt, int attempts, int temporalActions) {

        /** A first try of which no more is known. */
        public static final Effort UNKNOWN = new Effort(null, 1, 0);

        public Effort {
            if (attempts < 1 || temporalActions < 0) {
                throw new IllegalArgumentException("attempts must be at least 1 and temporalActions at least 0, were "
                        + attempts + " and " + temporalActions);
            }
        }
    }

    /** A delivery by the legacy route: the same acceptance delivers with the same id, however often it is handed out. */
    public static Delivery onLegacy(Workload workload, Stamp stamp, byte[] message) {
        return new Delivery(workload, stamp, message, "legacy@" + stamp.acceptedAt(), null, null, Effort.UNKNOWN);
    }

    /** A delivery by a workflow: activity retries within one run share its id. */
    public static Delivery onTemporal(Workload workload, Stamp stamp, byte[] message, Execution execution) {
        return new Delivery(workload, stamp, message, "temporal@" + execution.runId(), execution, null, Effort.UNKNOWN);
    }

    /** What a worker outside Shunt did with a message that was handed to it. */
    public static Delivery outside(Workload workload, Stamp stamp, byte[] message) {
        return new Delivery(workload, stamp, message, OUTSIDE + stamp.acceptedAt(), null, null, Effort.UNKNOWN);
    }

    /** Whether a worker outside Shunt stored it, in tables of its own. */
    public boolean isOutside() {
        return deliveryId.startsWith(OUTSIDE);
    }

    /** The same, with what its message was decoded to. */
    public Delivery with(@Nullable Object decodedMessage) {
        return new Delivery(workload, stamp, message, deliveryId, execution, decodedMessage, effort);
    }

    /** The same, belonging to something else from here on. */
    public Delivery under(Lineage lineage) {
        return lineage.equals(stamp.lineage())
                ? this
                : new Delivery(workload, stamp.withLineage(lineage), message, deliveryId, execution, decoded, effort);
    }

    /** The same, with what it took. */
    public Delivery taking(Effort taken) {
        return new Delivery(workload, stamp, message, deliveryId, execution, decoded, taken);
    }

    /** The same, tried so many times more. */
    public Delivery triedAgain(int times) {
        return times == 0
                ? this
                : taking(new Effort(effort.startedAt(), effort.attempts() + times, effort.temporalActions()));
    }

    public ItemKey key() {
        return stamp.key();
    }

    /** Where this delivery really runs, whatever the stamp says was intended. */
    public Route route() {
        return execution == null ? Route.LEGACY : Route.TEMPORAL;
    }
}
