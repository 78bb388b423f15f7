package dev.shunt.core;

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
 */
public record Delivery(
        Workload workload,
        Stamp stamp,
        @SuppressWarnings("ArrayRecordComponent") byte[] message,
        String deliveryId,
        @Nullable Execution execution,
        @Nullable Object decoded) {

    /**
     * @param workflowId the workflow's business id
     * @param runId one run of it
     */
    public record Execution(String workflowId, String runId) {}

    /** A delivery by the legacy route: the same acceptance delivers with the same id, however often it is handed out. */
    public static Delivery onLegacy(Workload workload, Stamp stamp, byte[] message) {
        return new Delivery(workload, stamp, message, "legacy@" + stamp.acceptedAt(), null, null);
    }

    /** A delivery by a workflow: activity retries within one run share its id. */
    public static Delivery onTemporal(Workload workload, Stamp stamp, byte[] message, Execution execution) {
        return new Delivery(workload, stamp, message, "temporal@" + execution.runId(), execution, null);
    }

    /** The same, with what its message was decoded to. */
    public Delivery with(@Nullable Object decodedMessage) {
        return new Delivery(workload, stamp, message, deliveryId, execution, decodedMessage);
    }

    public ItemKey key() {
        return stamp.key();
    }

    /** Where this delivery really runs, whatever the stamp says was intended. */
    public Route route() {
        return execution == null ? Route.LEGACY : Route.TEMPORAL;
    }
}
