package dev.shunt.workloads.trace;

import dev.shunt.core.Bucket;
import dev.shunt.core.Delivery;
import dev.shunt.core.Delivery.Execution;
import dev.shunt.core.Epoch;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Percentage;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.Stamp;
import dev.shunt.core.WayIn;
import dev.shunt.store.Work;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deliveries to write, all of one project and one noon. */
final class TraceDeliveries {

    static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123456Z");

    private TraceDeliveries() {}

    static Work<TraceMessage> work(String trace, String content, SpanMessage... spans) {
        return delivered(
                new TraceMessage(trace, "p", null, null, null, "name", NOON, null, List.of(spans), List.of()), content);
    }

    static Work<TraceMessage> visit(String trace, String session, String user, TraceMessage.User details) {
        return delivered(
                new TraceMessage(trace, "p", session, user, details, "name", NOON, null, List.of(), List.of()), "a");
    }

    static Work<TraceMessage> delivered(TraceMessage message, String content) {
        var key = ItemKey.of("p", message.id(), content.repeat(16));
        var decision =
                RouteDecision.byFlag(Bucket.of(TraceWorkload.TRACE, key.subjectKey()), Percentage.ZERO, new Epoch(1));
        var stamp = new Stamp(key, decision, WayIn.HTTP, NOON, "");
        return new Work<>(Delivery.onLegacy(TraceWorkload.TRACE, stamp, new byte[0]), message);
    }

    static Work<TraceMessage> onTemporal(Work<TraceMessage> work) {
        var delivery = work.delivery();
        return new Work<>(
                Delivery.onTemporal(delivery.workload(), delivery.stamp(), delivery.message(), new Execution("w", "r")),
                work.content());
    }

    static Work<TraceMessage> acceptedAt(Work<TraceMessage> work, Instant time) {
        Stamp stamp = work.delivery().stamp();
        var later = new Stamp(stamp.key(), stamp.decision(), stamp.wayIn(), time, stamp.evidence());
        return new Work<>(Delivery.onLegacy(TraceWorkload.TRACE, later, new byte[0]), work.content());
    }

    static SpanMessage span(String id, @Nullable String model, @Nullable Integer prompt, @Nullable Integer completion) {
        return span(id, model, prompt, completion, NOON, null);
    }

    static SpanMessage span(
            String id, @Nullable String model, @Nullable Integer prompt, @Nullable Integer completion, String input) {
        return span(id, model, prompt, completion, NOON, input);
    }

    static SpanMessage span(
            String id, @Nullable String model, @Nullable Integer prompt, @Nullable Integer completion, Instant start) {
        return span(id, model, prompt, completion, start, null);
    }

    static SpanMessage span(
            String id,
            @Nullable String model,
            @Nullable Integer prompt,
            @Nullable Integer completion,
            Instant start,
            @Nullable String input) {
        return new SpanMessage(
                id,
                null,
                "span",
                start,
                start.plusSeconds(1),
                input,
                null,
                null,
                model,
                null,
                prompt,
                completion,
                null,
                SpanMessage.Level.DEFAULT,
                null,
                (prompt == null ? 0 : prompt) * 31L + id.hashCode());
    }
}
