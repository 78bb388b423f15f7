package dev.shunt.workloads.trace;

import dev.shunt.workloads.trace.SpanMessage.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One accepted HTTP request, with its generated ids and missing times filled in.
 *
 * @param timestamp when it was accepted; never from the client
 * @param spans in the order sent, each id once
 * @param answeredSpanIds one id for each span that was sent, repeated spans included
 */
record TraceRequest(
        String id,
        String projectId,
        @Nullable String sessionId,
        @Nullable String userId,
        @Nullable User user,
        String name,
        WireTime timestamp,
        Json.@Nullable Obj metadata,
        List<Span> spans,
        List<String> answeredSpanIds) {

    record User(@Nullable String name, @Nullable String email, Json.@Nullable Obj metadata) {}

    /**
     * One span.
     *
     * @param filled which of its values the client did not send
     */
    record Span(
            String id,
            @Nullable String parentSpanId,
            String name,
            WireTime start,
            WireTime end,
            Json.@Nullable Obj input,
            Json.@Nullable Obj output,
            Json.@Nullable Obj metadata,
            @Nullable String model,
            Json.@Nullable Obj modelParameters,
            @Nullable Usage usage,
            Level level,
            @Nullable String statusMessage,
            Filled filled) {}

    record Usage(
            @Nullable Integer prompt,
            @Nullable Integer completion,
            @Nullable Integer total) {}
}
