package dev.shunt.workloads.trace;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What must be stored for a queue message, taken from its raw tree and not from its decoded form: a fault in decoding
 * shows as a divergence. Only for messages that {@link TraceDecoding} takes.
 */
final class MessageCells {

    private final Members trace;
    private final byte[] message;

    private MessageCells(Json.Obj root, byte[] message) {
        this.trace = Members.exact(root, "");
        this.message = message;
    }

    static Cells of(Json.Obj root, byte[] message) {
        return new MessageCells(root, message).cells();
    }

    private Cells cells() {
        Instant timestamp = MessageTimes.read(trace.get("Timestamp"));
        Map<TraceField, Long> cells = new EnumMap<>(TraceField.class);
        cells.put(TraceField.NAME, text(trace, "Name"));
        cells.put(TraceField.OCCURRED_AT, Cell.time(timestamp));
        cells.put(TraceField.SESSION_ID, text(trace, "SessionID"));
        cells.put(TraceField.USER_ID, text(trace, "UserID"));
        cells.put(TraceField.METADATA, Cell.json(trace.get("Metadata")));
        var spans = new TreeMap<String, Cells.Span>();
        List<Json> elements = trace.get("Spans") instanceof Json.Arr array ? array.values() : List.of();
        for (int i = 0; i < elements.size(); i++) {
            if (elements.get(i) instanceof Json.Obj object) {
                Members span = Members.exact(object, "");
                boolean named =
                        span.get("ID") instanceof Json.Str id && !id.value().isEmpty();
                String id = named ? ((Json.Str) span.get("ID")).value() : RawMessage.derivedSpanId(message, i);
                spans.putIfAbsent(id, span(span, timestamp));
            }
        }
        Json told = members(trace.get("User")).get("Metadata");
        return new Cells(cells, timestamp == null, spans, told instanceof Json.Null ? null : Cell.json(told));
    }

    private static Cells.Span span(Members span, @Nullable Instant timestamp) {
        Instant start = MessageTimes.read(span.get("StartTime"));
        Instant end = MessageTimes.read(span.get("EndTime"));
        boolean open = MessageTimes.isNone(span.get("EndTime"));
        Members usage = members(span.get("Usage"));
        Map<SpanField, Long> cells = new EnumMap<>(SpanField.class);
        cells.put(SpanField.PARENT_SPAN_ID, text(span, "ParentSpanID"));
        cells.put(SpanField.NAME, text(span, "Name"));
        cells.put(SpanField.START_TIME, Cell.time(start == null ? timestamp : start));
        cells.put(SpanField.END_TIME, Cell.time(open ? null : end == null ? timestamp : end));
        cells.put(SpanField.INPUT, Cell.json(span.get("Input")));
        cells.put(SpanField.OUTPUT, Cell.json(span.get("Output")));
        cells.put(SpanField.METADATA, Cell.json(span.get("Metadata")));
        cells.put(SpanField.MODEL, text(span, "Model"));
        cells.put(SpanField.MODEL_PARAMETERS, Cell.json(span.get("ModelParameters")));
        cells.put(SpanField.PROMPT_TOKENS, count(usage, "PromptTokens"));
        cells.put(SpanField.COMPLETION_TOKENS, count(usage, "CompletionTokens"));
        cells.put(SpanField.TOTAL_TOKENS, count(usage, "TotalTokens"));
        cells.put(SpanField.LEVEL, Cell.text(level(span.get("Level"))));
        cells.put(SpanField.STATUS_MESSAGE, text(span, "StatusMessage"));
        // A time that came from the message's own is checked; one that came from the acceptance cannot be.
        boolean noTime = timestamp == null;
        return new Cells.Span(cells, new Filled(noTime && start == null, noTime && !open && end == null));
    }

    private static long text(Members members, String name) {
        return Cell.text(members.get(name) instanceof Json.Str text ? text.value() : null);
    }

    private static long count(Members usage, String name) {
        return usage.get(name) instanceof Json.Num number
                ? Cell.text(new BigDecimal(number.text()).toBigInteger().toString())
                : Cell.text(null);
    }

    private static String level(Json sent) {
        int number = sent instanceof Json.Num level ? new BigDecimal(level.text()).intValue() : 0;
        boolean whole = sent instanceof Json.Num level
                && new BigDecimal(level.text()).compareTo(BigDecimal.valueOf(number)) == 0;
        return switch (whole ? number : 0) {
            case 1 -> "DEBUG";
            case 3 -> "WARNING";
            case 4 -> "ERROR";
            default -> "DEFAULT";
        };
    }

    private static Members members(Json value) {
        return value instanceof Json.Obj object ? Members.exact(object, "") : new Members("", Map.of());
    }
}
