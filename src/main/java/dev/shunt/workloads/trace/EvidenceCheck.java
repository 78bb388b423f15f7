package dev.shunt.workloads.trace;

import dev.shunt.core.Divergence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Compares stored rows with the evidence of the input they came from, and names what differs. */
final class EvidenceCheck {

    private final Evidence expected;
    private final List<Difference> differences = new ArrayList<>();

    /**
     * One disagreement.
     *
     * @param kind MISSING or EXTRA span, or a VALUE
     * @param path the field or the span
     */
    record Difference(Divergence.Kind kind, String path) {}

    private EvidenceCheck(Evidence expected) {
        this.expected = expected;
    }

    /**
     * Compares rows that all came from one item.
     *
     * @return paths such as {@code metadata} and {@code spans[839f2bf5…].end_time}; of a missing or extra span the span
     *     itself. Empty if all agree. When several spans differ in several fields the paths are every combination of
     *     them: more cannot be told from digests.
     */
    static List<Difference> compare(Evidence expected, TraceMessage stored) {
        return compare(expected, stored, false, Set.of());
    }

    /**
     * Compares rows of a trace that several items wrote: what another item wrote first is not this item's fault.
     *
     * @param stored all spans of the trace that this item could have written
     * @param traceOfOther whether another item wrote the trace's own row
     * @param spansOfOthers ids of stored spans that other items wrote; they count as present and are not compared
     */
    static List<Difference> compare(
            Evidence expected, TraceMessage stored, boolean traceOfOther, Set<String> spansOfOthers) {
        var check = new EvidenceCheck(expected);
        if (!traceOfOther) {
            check.trace(stored);
        }
        check.spans(stored, spansOfOthers);
        return List.copyOf(check.differences);
    }

    private void trace(TraceMessage stored) {
        Map<TraceField, Long> cells =
                new Cells(StoredCells.trace(stored), expected.timeFilled(), new TreeMap<>(), null).trace();
        cells.forEach((field, cell) -> {
            if (!Integer.valueOf(cell.intValue()).equals(expected.trace().get(field))) {
                differ(Divergence.Kind.VALUE, field.path());
            }
        });
    }

    private void spans(TraceMessage stored, Set<String> spansOfOthers) {
        Map<Integer, Deque<Evidence.SpanEvidence>> open = new HashMap<>();
        expected.spans()
                .forEach(span -> open.computeIfAbsent(span.idDigest(), digest -> new ArrayDeque<>())
                        .add(span));
        var rows = new TreeMap<String, SpanMessage>();
        stored.spans().forEach(span -> rows.put(span.id(), span));
        List<Cells.Span> table = new ArrayList<>();
        List<String> unlike = new ArrayList<>();
        boolean wholeTable = true;
        for (SpanMessage row : rows.values()) {
            Deque<Evidence.SpanEvidence> candidates =
                    open.getOrDefault(Evidence.SpanEvidence.idDigest(row.id()), new ArrayDeque<>());
            Evidence.SpanEvidence evidence = candidates.poll();
            boolean ofOther = spansOfOthers.contains(row.id());
            if (evidence == null) {
                if (!ofOther) {
                    differ(Divergence.Kind.EXTRA, path(Evidence.SpanEvidence.shown(row.id())));
                }
                continue;
            }
            Cells.Span cells = StoredCells.span(row, evidence.filled());
            table.add(cells);
            if ((int) cells.digest() == evidence.digest()) {
                continue;
            }
            if (ofOther) {
                wholeTable = false; // its content is known to differ: columns over it say nothing
            } else {
                unlike.add(path(evidence.shownId()));
            }
        }
        wholeTable &= table.size() == expected.spans().size();
        open.values().forEach(left -> left.forEach(span -> differ(Divergence.Kind.MISSING, path(span.shownId()))));
        name(unlike, wholeTable && !unlike.isEmpty() ? unlikeColumns(table) : List.of());
    }

    private List<SpanField> unlikeColumns(List<Cells.Span> table) {
        return Arrays.stream(SpanField.values())
                .filter(field -> !Integer.valueOf(Cells.column(field, table))
                        .equals(expected.columns().get(field)))
                .toList();
    }

    private void name(List<String> spans, List<SpanField> columns) {
        for (String span : spans) {
            if (columns.isEmpty()) {
                differ(Divergence.Kind.VALUE, span);
            }
            columns.forEach(field -> differ(Divergence.Kind.VALUE, span + "." + field.path()));
        }
    }

    private void differ(Divergence.Kind kind, String path) {
        differences.add(new Difference(kind, path));
    }

    private static String path(String shownId) {
        return "spans[" + shownId + "]";
    }
}
