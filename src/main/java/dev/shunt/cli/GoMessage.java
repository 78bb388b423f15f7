package dev.shunt.cli;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The queue message that the old Go ingest makes of a request: its struct's fields in order, absent pointers as null. */
final class GoMessage {

    private static final DateTimeFormatter RFC3339_NANO = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .appendOffset("+HH:MM", "Z")
            .toFormatter();
    private static final Map<String, Integer> LEVELS = Map.of("DEBUG", 1, "DEFAULT", 2, "WARNING", 3, "ERROR", 4);

    private final StringBuilder out = new StringBuilder(1024);
    private boolean first = true;

    private GoMessage() {}

    static String of(String project, JsonNode request, Instant receivedAt) {
        var message = new GoMessage();
        message.trace(project, request, receivedAt);
        return message.out.toString();
    }

    private void trace(String project, JsonNode request, Instant receivedAt) {
        open('{');
        write("ID", request.path("trace_id"));
        name("ProjectID");
        GoJson.string(out, project);
        write("SessionID", request.path("session_id"));
        write("UserID", request.path("user_id"));
        name("User");
        user(request.path("user"));
        write("Name", request.path("name"));
        time("Timestamp", receivedAt.atOffset(ZoneOffset.UTC));
        write("Metadata", request.path("metadata"));
        name("Spans");
        open('[');
        for (JsonNode span : request.path("spans")) {
            separate();
            span(request, span, receivedAt);
        }
        close(']');
        close('}');
    }

    private void span(JsonNode request, JsonNode span, Instant receivedAt) {
        open('{');
        write("ID", span.path("span_id"));
        write("TraceID", request.path("trace_id"));
        write("ParentSpanID", span.path("parent_span_id"));
        write("Name", span.path("name"));
        time("StartTime", sentOr(span.path("start_time"), receivedAt));
        time("EndTime", sentOr(span.path("end_time"), receivedAt));
        write("Input", span.path("input"));
        write("Output", span.path("output"));
        write("Metadata", span.path("metadata"));
        write("Model", span.path("model"));
        write("ModelParameters", span.path("model_parameters"));
        name("Usage");
        usage(span.path("usage"));
        name("Level");
        out.append(LEVELS.getOrDefault(span.path("level").asString(""), 2));
        write("StatusMessage", span.path("status_message"));
        close('}');
    }

    private void user(JsonNode user) {
        if (!user.isObject()) {
            out.append("null");
            return;
        }
        open('{'); // the only fields that Go leaves out when they are absent; other keys are not in its struct
        present("Name", user.path("name"));
        present("Email", user.path("email"));
        present("Metadata", user.path("metadata"));
        close('}');
    }

    private void present(String field, JsonNode value) {
        if (!value.isNull() && !value.isMissingNode()) {
            write(field, value);
        }
    }

    private void usage(JsonNode usage) {
        if (!usage.isObject()) {
            out.append("null");
            return;
        }
        open('{');
        write("PromptTokens", usage.path("prompt_tokens"));
        write("CompletionTokens", usage.path("completion_tokens"));
        write("TotalTokens", usage.path("total_tokens"));
        close('}');
    }

    private void write(String field, JsonNode value) {
        name(field);
        GoJson.write(out, value);
    }

    private void time(String field, OffsetDateTime time) {
        name(field);
        out.append('"').append(RFC3339_NANO.format(time)).append('"');
    }

    private static OffsetDateTime sentOr(JsonNode sent, Instant receivedAt) {
        return sent.isString() ? OffsetDateTime.parse(sent.stringValue()) : receivedAt.atOffset(ZoneOffset.UTC);
    }

    private void name(String field) {
        separate();
        out.append('"').append(field).append("\":");
    }

    private void separate() {
        if (!first) {
            out.append(',');
        }
        first = false;
    }

    private void open(char bracket) {
        out.append(bracket);
        first = true;
    }

    private void close(char bracket) {
        out.append(bracket);
        first = false;
    }
}
