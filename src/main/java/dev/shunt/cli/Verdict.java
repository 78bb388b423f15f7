package dev.shunt.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The demo's own book held against what is stored.
 *
 * @param phases one line per phase, in order
 * @param extra trace ids that are stored and were never sent
 * @param differences summary rows that are not what the requests lead to
 * @param elsewhere per reason, how many items did not run where the flag alone would have sent them
 */
record Verdict(List<Line> phases, Set<String> extra, List<Difference> differences, Map<String, Integer> elsewhere) {

    /**
     * One phase.
     *
     * @param stored traces stored with every span they were sent with, and settled
     * @param lost accepted, and not stored
     * @param twice in the ledger more than once, or with spans nobody sent
     * @param legacyMillis sorted accept-to-commit times of those that came over HTTP and ran on the legacy route
     * @param temporalMillis the same for the Temporal route
     */
    record Line(
            Phase phase,
            int sent,
            int accepted,
            int legacy,
            int temporal,
            int stored,
            int lost,
            int twice,
            List<Double> legacyMillis,
            List<Double> temporalMillis) {}

    /** A summary row: what the requests lead to and what is stored; an absent row is empty. */
    record Difference(CostRow expected, CostRow stored) {}

    boolean nothingLost() {
        return phases.stream().allMatch(line -> line.lost() == 0 && line.accepted() == line.sent());
    }

    boolean nothingTwice() {
        return extra.isEmpty() && phases.stream().allMatch(line -> line.twice() == 0);
    }

    static Verdict of(
            Book book,
            List<Phase> plan,
            List<StoreAudit.LedgerRow> ledger,
            Map<String, Set<String>> spans,
            Map<String, CostRow> expected,
            Map<String, CostRow> stored) {
        Map<String, List<StoreAudit.LedgerRow>> rows = new HashMap<>();
        Map<String, Integer> elsewhere = new TreeMap<>();
        for (StoreAudit.LedgerRow row : ledger) {
            rows.computeIfAbsent(row.traceId(), id -> new ArrayList<>()).add(row);
            if (!row.reason().equals("FLAG")) {
                elsewhere.merge(row.reason(), 1, Integer::sum);
            }
        }
        Set<String> extra = new TreeSet<>(spans.keySet());
        extra.removeIf(book::knows);
        return new Verdict(
                plan.stream().map(phase -> line(phase, book, rows, spans)).toList(),
                extra,
                differences(expected, stored),
                elsewhere);
    }

    private static Line line(
            Phase phase, Book book, Map<String, List<StoreAudit.LedgerRow>> ledger, Map<String, Set<String>> spans) {
        Map<String, List<Double>> millis =
                new LinkedHashMap<>(Map.of("LEGACY", new ArrayList<>(), "TEMPORAL", new ArrayList<>()));
        Map<String, Integer> ran = new HashMap<>();
        int accepted = 0;
        int stored = 0;
        int lost = 0;
        int twice = 0;
        List<DemoTrace> traces = book.of(phase);
        for (DemoTrace trace : traces) {
            List<StoreAudit.LedgerRow> rows = ledger.getOrDefault(trace.id(), List.of());
            Set<String> sentSpans = new HashSet<>(spanIds(trace));
            List<DemoTrace> bodies = book.bodies(trace.id());
            boolean first =
                    bodies.getFirst().equals(trace); // what goes for the whole trace is counted with its first request
            Set<String> storedSpans = spans.get(trace.id());
            boolean whole = storedSpans != null
                    && storedSpans.containsAll(sentSpans)
                    && rows.stream().filter(row -> row.state().equals("DONE")).count() >= bodies.size();
            accepted += book.isAccepted(trace) ? 1 : 0;
            stored += whole ? 1 : 0;
            lost += book.isAccepted(trace) && !whole ? 1 : 0;
            bodies.forEach(body -> sentSpans.addAll(spanIds(body)));
            boolean more = rows.size() > bodies.size() || (storedSpans != null && !sentSpans.containsAll(storedSpans));
            twice += first && more ? 1 : 0;
            for (StoreAudit.LedgerRow row : first ? rows : List.<StoreAudit.LedgerRow>of()) {
                ran.merge(row.route(), 1, Integer::sum);
                if (row.wayIn().equals("HTTP") && !Double.isNaN(row.millis())) {
                    Objects.requireNonNull(millis.get(row.route())).add(row.millis());
                }
            }
        }
        millis.values().forEach(times -> times.sort(null));
        return new Line(
                phase,
                traces.size(),
                accepted,
                ran.getOrDefault("LEGACY", 0),
                ran.getOrDefault("TEMPORAL", 0),
                stored,
                lost,
                twice,
                Objects.requireNonNull(millis.get("LEGACY")),
                Objects.requireNonNull(millis.get("TEMPORAL")));
    }

    private static List<String> spanIds(DemoTrace trace) {
        return Sender.spanIds(trace.request().path("spans"), "span_id");
    }

    private static List<Difference> differences(Map<String, CostRow> expected, Map<String, CostRow> stored) {
        Set<String> names = new TreeSet<>(expected.keySet());
        names.addAll(stored.keySet());
        List<Difference> found = new ArrayList<>();
        for (String name : names) {
            CostRow wanted = orEmpty(expected.get(name), name);
            CostRow there = orEmpty(stored.get(name), name);
            if (!wanted.equals(there)) {
                found.add(new Difference(wanted, there));
            }
        }
        return found;
    }

    private static CostRow orEmpty(@Nullable CostRow row, String name) {
        return row != null ? row : CostRow.empty(name.substring(0, 10), name.substring(11));
    }
}
