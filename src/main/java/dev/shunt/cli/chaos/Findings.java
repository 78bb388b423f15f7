package dev.shunt.cli.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.cli.CostRow;
import dev.shunt.cli.CostSheet;
import dev.shunt.cli.DemoTrace;
import dev.shunt.cli.PriceList;
import dev.shunt.cli.StoreAudit;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * The driver's book held against Postgres.
 *
 * @param stored items whose spans are all there
 * @param reasons ledger rows by route and reason
 * @param missing the accepted items that are not whole in the store
 * @param temporal ledger rows that the Temporal route wrote
 * @param lost answered, and not stored or not in the ledger as done; poison without a dead letter
 * @param twice more ledger rows than distinct bodies, or spans that nobody sent
 * @param sums summary rows that differ from what the stored items lead to
 * @param dead dead letters that nobody poisoned
 * @param divergences what Shunt's own comparator holds against itself
 * @param details one line for each of them
 */
record Findings(
        int stored,
        int temporal,
        Map<String, Integer> reasons,
        int lost,
        List<DemoTrace> missing,
        int twice,
        int sums,
        int dead,
        int divergences,
        List<String> details) {

    boolean allWell() {
        return lost == 0 && twice == 0 && sums == 0 && dead == 0 && divergences == 0;
    }

    /**
     * What Postgres says about one round.
     *
     * @param spans ids of stored spans by trace
     * @param dead dead letters since the round began
     * @param divergences one line for each
     */
    record Store(
            List<StoreAudit.LedgerRow> ledger,
            Map<String, Set<String>> spans,
            Map<String, CostRow> summary,
            List<DeadLetter> dead,
            List<String> divergences) {

        static Store read(Backends backends, String project, Instant began) throws SQLException {
            var audit = new StoreAudit(backends::database, project);
            return new Store(
                    audit.ledger(),
                    audit.storedSpans(),
                    audit.costSummary(),
                    deadLettersOf(backends, began),
                    divergencesOf(backends, project));
        }
    }

    /** @param why reason, key and attempts */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    record DeadLetter(byte[] raw, String why) {}

    static Findings of(ChaosBook book, Store store) {
        List<String> details = new ArrayList<>(store.divergences());
        Map<String, Integer> rows = new HashMap<>();
        Map<String, Integer> done = new HashMap<>();
        Map<String, Integer> reasons = new TreeMap<>();
        List<DemoTrace> missing = new ArrayList<>();
        int temporal = 0;
        for (StoreAudit.LedgerRow row : store.ledger()) {
            rows.merge(row.traceId(), 1, Integer::sum);
            done.merge(row.traceId(), row.state().equals("DONE") ? 1 : 0, Integer::sum);
            reasons.merge(row.route() + " " + row.reason(), 1, Integer::sum);
            temporal += row.route().equals("TEMPORAL") ? 1 : 0;
        }
        var costs = new CostSheet(PriceList.published());
        int stored = 0;
        int lost = 0;
        int twice = 0;
        Map<String, List<DemoTrace>> traces = book.traces();
        for (var trace : traces.entrySet()) {
            Set<String> there = store.spans().get(trace.getKey());
            Set<String> sent = new HashSet<>();
            Set<String> counted = new HashSet<>();
            int due = 0;
            for (DemoTrace item : trace.getValue()) {
                Set<String> wanted = spanIds(item);
                sent.addAll(wanted);
                boolean whole = there != null && there.containsAll(wanted);
                boolean accepted = book.isAccepted(item);
                due += accepted ? 1 : 0;
                if (whole) {
                    stored++;
                    costs.add(without(item, counted));
                    counted.addAll(wanted);
                } else if (accepted) {
                    missing.add(item);
                    lost++;
                    details.add("lost: " + item.id() + " over " + item.way() + ", spans there: " + there);
                }
            }
            int rowsDone = done.getOrDefault(trace.getKey(), 0);
            if (there != null && rowsDone < due) {
                lost++;
                details.add("lost: " + trace.getKey() + " has " + rowsDone + " done ledger rows for " + due + " items");
            }
            boolean tooMany =
                    rows.getOrDefault(trace.getKey(), 0) > trace.getValue().size();
            if (tooMany || (there != null && !sent.containsAll(there))) {
                twice++;
                details.add("twice: " + trace.getKey() + " has " + rows.get(trace.getKey()) + " ledger rows, spans "
                        + there);
            }
        }
        for (String extra : new TreeSet<>(store.spans().keySet())) {
            if (!traces.containsKey(extra)) {
                twice++;
                details.add("stored and never sent: " + extra);
            }
        }
        int sums = sums(costs.rows(), store.summary(), details);
        int innocent = 0;
        for (DeadLetter letter : store.dead()) {
            if (!book.isPoison(letter.raw())) {
                innocent++;
                details.add("innocent dead letter: " + letter.why() + ": " + text(letter.raw()));
            }
        }
        for (byte[] poison : book.poison()) {
            if (store.dead().stream().noneMatch(letter -> Arrays.equals(letter.raw(), poison))) {
                lost++;
                details.add("poison without a dead letter: " + text(poison));
            }
        }
        return new Findings(
                stored,
                temporal,
                reasons,
                lost,
                missing,
                twice,
                sums,
                innocent,
                store.divergences().size(),
                details);
    }

    private static int sums(Map<String, CostRow> expected, Map<String, CostRow> stored, List<String> details) {
        int differ = 0;
        Set<String> names = new TreeSet<>(expected.keySet());
        names.addAll(stored.keySet());
        for (String name : names) {
            CostRow wanted = expected.get(name);
            CostRow there = stored.get(name);
            if (wanted == null || !wanted.equals(there)) {
                differ++;
                details.add("sums: expected " + wanted + ", stored " + there);
            }
        }
        return differ;
    }

    private static List<DeadLetter> deadLettersOf(Backends backends, Instant began) throws SQLException {
        List<DeadLetter> dead = new ArrayList<>();
        try (Connection connection = backends.database();
                PreparedStatement statement = connection.prepareStatement(
                        "select raw, reason, item_key, attempts from dead_letter where died_at >= ?")) {
            statement.setObject(1, began.atOffset(ZoneOffset.UTC));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    dead.add(new DeadLetter(
                            row.getBytes(1),
                            row.getString(2) + " " + row.getString(3) + " after " + row.getInt(4) + " attempts"));
                }
            }
        }
        return dead;
    }

    private static List<String> divergencesOf(Backends backends, String project) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = backends.database();
                PreparedStatement statement =
                        connection.prepareStatement("select kind, path, expected, actual, item_key from divergence"
                                + " where kind <> 'LATE'" // faults that stall for a minute make items late; that is no
                                // harm
                                + " and (item_key = '' and path like ? or item_key like ?)")) {
            statement.setString(1, "%" + project + "%");
            statement.setString(2, project + ":%");
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add("divergence: " + row.getString(1) + " " + row.getString(2) + " expected "
                            + row.getString(3) + ", is " + row.getString(4) + " of " + row.getString(5));
                }
            }
        }
        return found;
    }

    /** What the item adds to the sums beside the items of its trace that were counted before. */
    private static DemoTrace without(DemoTrace item, Set<String> counted) {
        var request = item.request().deepCopy();
        var spans = request.putArray("spans");
        for (JsonNode span : item.request().path("spans")) {
            if (!counted.contains(span.path("span_id").asString(""))) {
                spans.add(span);
            }
        }
        return new DemoTrace(item.phase(), item.way(), item.id(), request, item.receivedAt());
    }

    private static Set<String> spanIds(DemoTrace item) {
        Set<String> ids = new HashSet<>();
        item.request()
                .path("spans")
                .forEach(span -> ids.add(span.path("span_id").asString("")));
        return ids;
    }

    private static String text(byte[] message) {
        String text = new String(message, UTF_8);
        return text.length() > 200 ? text.substring(0, 200) + "..." : text;
    }
}
