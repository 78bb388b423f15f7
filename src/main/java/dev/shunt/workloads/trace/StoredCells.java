package dev.shunt.workloads.trace;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The table of cells of decoded or stored content. */
final class StoredCells {

    private StoredCells() {}

    static Map<TraceField, Long> trace(TraceMessage trace) {
        Map<TraceField, Long> cells = new EnumMap<>(TraceField.class);
        cells.put(TraceField.NAME, Cell.text(trace.name()));
        cells.put(TraceField.OCCURRED_AT, Cell.time(trace.timestamp()));
        cells.put(TraceField.SESSION_ID, Cell.text(trace.sessionId()));
        cells.put(TraceField.USER_ID, Cell.text(trace.userId()));
        cells.put(TraceField.METADATA, json(trace.metadata()));
        return cells;
    }

    static Cells.Span span(SpanMessage span, Filled filled) {
        return span(
                span,
                filled,
                json(span.input()),
                json(span.output()),
                json(span.metadata()),
                json(span.modelParameters()));
    }

    /** The same for one whose JSON values are at hand as trees; their texts are not parsed again. */
    static Cells.Span span(
            SpanMessage span, Filled filled, long input, long output, long metadata, long modelParameters) {
        Map<SpanField, Long> cells = new EnumMap<>(SpanField.class);
        cells.put(SpanField.PARENT_SPAN_ID, Cell.text(span.parentSpanId()));
        cells.put(SpanField.NAME, Cell.text(span.name()));
        cells.put(SpanField.START_TIME, Cell.time(span.startTime()));
        cells.put(SpanField.END_TIME, Cell.time(span.endTime()));
        cells.put(SpanField.INPUT, input);
        cells.put(SpanField.OUTPUT, output);
        cells.put(SpanField.METADATA, metadata);
        cells.put(SpanField.MODEL, Cell.text(span.model()));
        cells.put(SpanField.MODEL_PARAMETERS, modelParameters);
        cells.put(SpanField.PROMPT_TOKENS, Cell.number(span.promptTokens()));
        cells.put(SpanField.COMPLETION_TOKENS, Cell.number(span.completionTokens()));
        cells.put(SpanField.TOTAL_TOKENS, Cell.number(span.totalTokens()));
        cells.put(SpanField.LEVEL, Cell.text(span.level().name()));
        cells.put(SpanField.STATUS_MESSAGE, Cell.text(span.statusMessage()));
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
