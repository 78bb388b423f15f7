package dev.shunt.workloads.trace;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The table of cells of decoded or stored content. */
final class StoredCells {

    private StoredCells() {}

    static Map<TraceField, Long> trace(TraceMessage trace) {
        Map<TraceField, Long> cells = new EnumMap<>(TraceField.class);
        for (TraceField field : TraceField.values()) {
            cells.put(field, cell(trace, field));
        }
        return cells;
    }

    static long cell(TraceMessage trace, TraceField field) {
        return switch (field) {
            case NAME -> Cell.text(trace.name());
            case OCCURRED_AT -> Cell.time(trace.timestamp());
            case SESSION_ID -> Cell.text(trace.sessionId());
            case USER_ID -> Cell.text(trace.userId());
            case METADATA -> json(trace.metadata());
        };
    }

    static Cells.Span span(SpanMessage span, Filled filled) {
        Map<SpanField, Long> cells = new EnumMap<>(SpanField.class);
        for (SpanField field : SpanField.values()) {
            cells.put(field, cell(span, field));
        }
        return new Cells.Span(cells, filled);
    }

    static long cell(SpanMessage span, SpanField field) {
        return switch (field) {
            case PARENT_SPAN_ID -> Cell.text(span.parentSpanId());
            case NAME -> Cell.text(span.name());
            case START_TIME -> Cell.time(span.startTime());
            case END_TIME -> Cell.time(span.endTime());
            case INPUT -> json(span.input());
            case OUTPUT -> json(span.output());
            case METADATA -> json(span.metadata());
            case MODEL -> Cell.text(span.model());
            case MODEL_PARAMETERS -> json(span.modelParameters());
            case PROMPT_TOKENS -> Cell.number(span.promptTokens());
            case COMPLETION_TOKENS -> Cell.number(span.completionTokens());
            case TOTAL_TOKENS -> Cell.number(span.totalTokens());
            case LEVEL -> Cell.text(span.level().name());
            case STATUS_MESSAGE -> Cell.text(span.statusMessage());
        };
    }

    /** The same for one whose JSON values are at hand as trees; their texts are not parsed again. */
    static Cells.Span span(
            SpanMessage span, Filled filled, long input, long output, long metadata, long modelParameters) {
        Map<SpanField, Long> cells = new EnumMap<>(SpanField.class);
        for (SpanField field : SpanField.values()) {
            cells.put(
                    field,
                    switch (field) {
                        case INPUT -> input;
                        case OUTPUT -> output;
                        case METADATA -> metadata;
                        case MODEL_PARAMETERS -> modelParameters;
                        default -> cell(span, field);
                    });
        }
        return new Cells.Span(cells, filled);
    }

    private static long json(@Nullable String text) {
        if (text == null) {
            return Cell.json(null);
        }
        try {
            return Cell.json(JsonReader.read(text, JsonReader.Limits.OF_STORE));
        } catch (WireFault notJson) {
            return Cell.text(text); // a column that is no JSON can only differ from what was expected
        }
    }
}
