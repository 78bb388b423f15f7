package dev.shunt.workloads.trace;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.workloads.trace.TraceRequest.Span;
import dev.shunt.workloads.trace.TraceRequest.Usage;
import dev.shunt.workloads.trace.TraceRequest.User;
import org.jspecify.annotations.Nullable;

/**
 * Writes the queue message of a request exactly as the old Go ingest marshals its structs: order of fields, sorted maps,
 * escapes, nulls. Two things differ on purpose: numbers in free JSON keep their text instead of passing through a
 * float64, and an empty user metadata object is kept.
 */
final class GoMessageWriter {

    private final StringBuilder out = new StringBuilder(2_048);

    private GoMessageWriter() {}

    static byte[] write(TraceRequest trace) {
        var writer = new GoMessageWriter();
        writer.trace(trace);
        return writer.out.toString().getBytes(UTF_8);
    }

    private void trace(TraceRequest trace) {
        open("ID").text(trace.id());
        next("ProjectID").text(trace.projectId());
        next("SessionID").text(trace.sessionId());
        next("UserID").text(trace.userId());
        next("User").user(trace.user());
        next("Name").text(trace.name());
        next("Timestamp").text(trace.timestamp().text());
        next("Metadata").json(trace.metadata());
        next("Spans").out.append('[');
        String separator = "";
        for (Span span : trace.spans()) {
            out.append(separator);
            span(trace.id(), span);
            separator = ",";
        }
        out.append("]}");
    }

    private void span(String traceId, Span span) {
        open("ID").text(span.id());
        next("TraceID").text(traceId);
        next("ParentSpanID").text(span.parentSpanId());
        next("Name").text(span.name());
        next("StartTime").text(span.start().text());
        next("EndTime").text(span.end().text());
        next("Input").json(span.input());
        next("Output").json(span.output());
        next("Metadata").json(span.metadata());
        next("Model").text(span.model());
        next("ModelParameters").json(span.modelParameters());
        next("Usage").usage(span.usage());
        next("Level").out.append(span.level().number());
        next("StatusMessage").text(span.statusMessage()).out.append('}');
    }

    private void user(@Nullable User user) {
        if (user == null) {
            out.append("null");
            return;
        }
        out.append('{');
        String separator = "";
        if (user.name() != null) {
            out.append("\"Name\":");
            text(user.name());
            separator = ",";
        }
        if (user.email() != null) {
            out.append(separator).append("\"Email\":");
            text(user.email());
            separator = ",";
        }
        if (user.metadata() != null) {
            out.append(separator).append("\"Metadata\":");
            json(user.metadata());
        }
        out.append('}');
    }

    private void usage(@Nullable Usage usage) {
        if (usage == null) {
            out.append("null");
            return;
        }
        open("PromptTokens").out.append(usage.prompt());
        next("CompletionTokens").out.append(usage.completion());
        next("TotalTokens").out.append(usage.total()).append('}');
    }

    private GoMessageWriter open(String name) {
        out.append("{\"").append(name).append("\":");
        return this;
    }

    private GoMessageWriter next(String name) {
        out.append(",\"").append(name).append("\":");
        return this;
    }

    private GoMessageWriter text(@Nullable String text) {
        if (text == null) {
            out.append("null");
        } else {
            JsonWriter.appendQuoted(out, text);
        }
        return this;
    }

    private void json(Json.@Nullable Obj object) {
        if (object == null) {
            out.append("null");
        } else {
            JsonWriter.append(out, object);
        }
    }
}
