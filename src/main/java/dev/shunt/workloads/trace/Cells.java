package dev.shunt.workloads.trace;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The canonical result of one trace as a table of {@link Cell}s, from whichever source: request, raw queue message or
 * stored rows. Two sources agree when their tables are equal.
 *
 * @param userMetadata what was told about the user; null if nothing was
 */
record Cells(
        Map<TraceField, Long> trace,
        boolean timeFilled,
        SortedMap<String, Span> spans,
        @Nullable Long userMetadata) {

    /**
     * One row of the table.
     *
     * @param cells one for each field, in the fields' order
     */
    record Span(Map<SpanField, Long> cells, Filled filled) {

        Span {
            cells = new EnumMap<>(cells);
            if (filled.start()) {
                cells.put(SpanField.START_TIME, Cell.FILLED);
            }
            if (filled.end()) {
                cells.put(SpanField.END_TIME, Cell.FILLED);
            }
        }

        /** Over all fields: equal for the same content of the same client. */
        long digest() {
            return Cell.all(cells.values());
        }
    }

    Cells {
        trace = new EnumMap<>(trace);
        if (timeFilled) {
            trace.put(TraceField.OCCURRED_AT, Cell.FILLED);
        }
        spans = new TreeMap<>(spans);
    }

    /** Whether a value stands for one that the client did not send. */
    boolean hasFilled() {
        return timeFilled
                || spans.values().stream().anyMatch(span -> span.filled().any());
    }

    Evidence evidence() {
        Map<TraceField, Integer> traceDigests = new EnumMap<>(TraceField.class);
        trace.forEach((field, cell) -> traceDigests.put(field, cell.intValue()));
        Map<SpanField, Integer> fieldDigests = new EnumMap<>(SpanField.class);
        for (SpanField field : SpanField.values()) {
            fieldDigests.put(field, column(field, List.copyOf(spans.values())));
        }
        List<Evidence.SpanEvidence> rows = new ArrayList<>(spans.size());
        spans.forEach((id, span) -> rows.add(Evidence.SpanEvidence.of(id, span)));
        return new Evidence(
                timeFilled, traceDigests, fieldDigests, rows, userMetadata == null ? null : userMetadata.intValue());
    }

    /** Over one field of all given spans, in their order. */
    static int column(SpanField field, List<Span> spans) {
        return (int)
                Cell.all(spans.stream().map(span -> span.cells().get(field)).toList());
    }
}
