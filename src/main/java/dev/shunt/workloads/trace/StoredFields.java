package dev.shunt.workloads.trace;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Shows the stored value of a field that differs from its digest. */
final class StoredFields {

    private static final Pattern SPAN_FIELD = Pattern.compile("spans\\[(.*)]\\.([a-z_]+)", Pattern.DOTALL);
    private static final int SHOWN = 500;

    private StoredFields() {}

    /**
     * @param path as {@link EvidenceCheck} names it
     * @return at most 500 characters; null if the path is no field, the field is null, or several spans go by that name
     */
    static @Nullable String value(TraceMessage stored, String path) {
        Matcher spanField = SPAN_FIELD.matcher(path);
        if (!spanField.matches()) {
            return shown(field(stored, path));
        }
        List<SpanMessage> named = stored.spans().stream()
                .filter(span -> Evidence.SpanEvidence.shown(span.id()).equals(spanField.group(1)))
                .toList();
        return named.size() == 1 ? shown(field(named.getFirst(), spanField.group(2))) : null;
    }

    private static @Nullable Object field(TraceMessage trace, String name) {
        return switch (name) {
            case "name" -> trace.name();
            case "occurred_at" -> trace.timestamp();
            case "session_id" -> trace.sessionId();
            case "user_id" -> trace.userId();
            case "metadata" -> trace.metadata();
            default -> null;
        };
    }

    private static @Nullable Object field(SpanMessage span, String name) {
        return switch (name) {
            case "parent_span_id" -> span.parentSpanId();
            case "name" -> span.name();
            case "start_time" -> span.startTime();
            case "end_time" -> span.endTime();
            case "input" -> span.input();
            case "output" -> span.output();
            case "metadata" -> span.metadata();
            case "model" -> span.model();
            case "model_parameters" -> span.modelParameters();
            case "prompt_tokens" -> span.promptTokens();
            case "completion_tokens" -> span.completionTokens();
            case "total_tokens" -> span.totalTokens();
            case "level" -> span.level();
            case "status_message" -> span.statusMessage();
            default -> null;
        };
    }

    private static @Nullable String shown(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        String text = value.toString();
        if (text.length() <= SHOWN) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(SHOWN - 1)) ? SHOWN - 1 : SHOWN;
        return text.substring(0, end) + "…";
    }
}
