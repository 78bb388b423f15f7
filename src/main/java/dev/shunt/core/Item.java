package dev.shunt.core;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One delivery of work to be done once, before its route is carried out.
 *
 * @param workload the kind of work
 * @param key its identity
 * @param routingKey what must stay on one route together
 * @param message the workload's wire message, one JSON object in UTF-8, without a stamp; never changed after this
 * @param wayIn how it came
 * @param acceptedAt when Shunt saw it first, to the microsecond
 * @param evidence what the workload wants to know again when the result is verified (digests of the canonical result
 *     computed from the input, which values were filled in); opaque here, travels in the stamp; may be empty
 * @param lineage what its acceptance belongs to in the caller's tracing; travels in the stamp
 */
public record Item(
        Workload workload,
        ItemKey key,
        String routingKey,
        @SuppressWarnings("ArrayRecordComponent") byte[] message,
        WayIn wayIn,
        Instant acceptedAt,
        String evidence,
        Lineage lineage) {

    /** One that belongs to nothing. */
    public Item(
            Workload workload,
            ItemKey key,
            String routingKey,
            byte[] message,
            WayIn wayIn,
            Instant acceptedAt,
            String evidence) {
        this(workload, key, routingKey, message, wayIn, acceptedAt, evidence, Lineage.NONE);
    }

    public Item {
        acceptedAt = acceptedAt.truncatedTo(ChronoUnit.MICROS);
    }

    /** What marks this item once its route is decided. */
    public Stamp stamp(RouteDecision decision) {
        return new Stamp(key, decision, wayIn, acceptedAt, evidence, lineage);
    }

    /** The same, belonging to something else. */
    public Item under(Lineage other) {
        return new Item(workload, key, routingKey, message, wayIn, acceptedAt, evidence, other);
    }
}
