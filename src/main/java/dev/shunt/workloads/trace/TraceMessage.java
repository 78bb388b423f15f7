package dev.shunt.workloads.trace;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One trace as it will be stored, decoded from its Go-format message. Null stays null, {@code ""} stays {@code ""};
 * free JSON is kept as text with its numbers' exact values.
 *
 * @param timestamp to the microsecond
 * @param tolerated oddities taken over from the old worker instead of being refused, for example a time before 2000
 */
record TraceMessage(
        String id,
        String projectId,
        @Nullable String sessionId,
        @Nullable String userId,
        @Nullable User user,
        String name,
        Instant timestamp,
        @Nullable String metadata,
        List<SpanMessage> spans,
        List<String> tolerated) {

    TraceMessage {
        spans = List.copyOf(spans);
        tolerated = List.copyOf(tolerated);
    }

    /** The same in another project. */
    TraceMessage inProject(String project) {
        return new TraceMessage(id, project, sessionId, userId, user, name, timestamp, metadata, spans, tolerated);
    }

    /** The same with these spans. */
    TraceMessage withSpans(List<SpanMessage> others) {
        return new TraceMessage(id, projectId, sessionId, userId, user, name, timestamp, metadata, others, tolerated);
    }

    /** What the client said about the user; {@code metadata} is JSON text, stored as given. */
    record User(
            @Nullable String name,
            @Nullable String email,
            @Nullable String metadata) {}
}
