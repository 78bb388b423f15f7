package dev.shunt.workloads.trace;

import dev.shunt.core.Canonical;
import dev.shunt.core.ItemKey;
import dev.shunt.core.ResultProjection;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What an item stored, as a tree: {@code trace} if it wrote the trace's row, {@code spans} that it wrote, the {@code
 * session} and {@code user} that its trace row names, and {@code summaries}, its share of the daily sums.
 */
final class TraceProjection implements ResultProjection {

    private static final List<String> SUMS = List.of(
            "spans",
            "unpriced_spans",
            "prompt_tokens",
            "completion_tokens",
            "total_tokens",
            "input_cost",
            "output_cost",
            "total_cost");
    private static final String SESSIONS = """
            select i.n, s.user_id from unnest(?::text[], ?::text[]) with ordinality as i (project_id, id, n)
            join session s on s.project_id = i.project_id and s.id = i.id
            """;
    private static final String USERS = """
            select i.n, u.id from unnest(?::text[], ?::text[]) with ordinality as i (project_id, id, n)
            join tracked_user u on u.project_id = i.project_id and u.id = i.id
            """;
    private static final String SUMMARIES = "select * from daily_cost_summary where project_id = any(?)";

    private final Snapshot snapshot;
    private final Summaries summaries;

    /** Where an item's share of the daily sums is to be found. */
    enum Summaries {
        /** Sums hold many items: the share is computed from the item's rows. Whether sums are right is for the audit. */
        FROM_ROWS,
        /** The item's project holds nothing but this item: the share is what the table says. */
        AS_STORED
    }

    TraceProjection(DataSource database, Summaries summaries) {
        this.snapshot = new Snapshot(database);
        this.summaries = summaries;
    }

    @Override
    public List<Canonical> read(List<ItemKey> keys) {
        return snapshot.read("reading what " + keys.size() + " traces became", connection -> {
            List<StoredItem> items = StoredItems.read(connection, keys);
            return trees(connection, items, sessionUsers(connection, items));
        });
    }

    /** Of items read in the same snapshot. */
    List<Canonical> trees(Connection connection, List<StoredItem> items, Map<ItemKey, Canonical> sessionUsers)
            throws SQLException {
        Map<ItemKey, Canonical> users = visitors(connection, USERS, items, TraceMessage::userId);
        Map<String, Canonical> stored = summaries == Summaries.AS_STORED ? storedSums(connection, items) : Map.of();
        List<Canonical> trees = new ArrayList<>(items.size());
        for (StoredItem item : items) {
            Map<String, Canonical> parts = new LinkedHashMap<>();
            TraceMessage trace = item.trace();
            if (trace != null && item.wroteTrace()) {
                parts.put("trace", CanonicalTrace.trace(trace));
            }
            putIfThere(parts, "session", sessionUsers.get(item.key()));
            putIfThere(parts, "user", users.get(item.key()));
            if (!item.spans().isEmpty()) {
                Map<String, Canonical> spans = new TreeMap<>();
                item.spans().forEach(span -> spans.put(span.span().id(), CanonicalTrace.span(span)));
                parts.put("spans", Canonical.elements(spans));
            }
            parts.put(
                    "summaries",
                    summaries == Summaries.FROM_ROWS
                            ? CanonicalTrace.contribution(item.spans())
                            : stored.getOrDefault(item.key().project(), Canonical.elements(Map.of())));
            trees.add(Canonical.members(parts));
        }
        return trees;
    }

    private static void putIfThere(Map<String, Canonical> parts, String name, @Nullable Canonical value) {
        if (value != null) {
            parts.put(name, value);
        }
    }

    /** For the items whose trace names a session that is there: its user. */
    static Map<ItemKey, Canonical> sessionUsers(Connection connection, List<StoredItem> items) throws SQLException {
        Map<ItemKey, Canonical> users = new HashMap<>();
        visitors(connection, SESSIONS, items, TraceMessage::sessionId)
                .forEach((key, user) -> users.put(key, Canonical.members(Map.of("user_id", user))));
        return users;
    }

    /** Which visitor a trace names. */
    private interface Named {
        @Nullable
        String id(TraceMessage trace);
    }

    private static Map<ItemKey, Canonical> visitors(
            Connection connection, String sql, List<StoredItem> items, Named named) throws SQLException {
        List<StoredItem> naming = items.stream()
                .filter(item -> item.wroteTrace() && !id(item, named).isEmpty())
                .toList();
        Map<ItemKey, Canonical> found = new HashMap<>();
        if (naming.isEmpty()) {
            return found;
        }
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "text",
                            naming.stream().map(item -> item.key().project()).toArray()));
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "text", naming.stream().map(item -> id(item, named)).toArray()));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.put(naming.get(rows.getInt(1) - 1).key(), Canonical.text(rows.getString(2)));
                }
            }
        }
        return found;
    }

    private static String id(StoredItem item, Named named) {
        String id = item.trace() == null ? null : named.id(item.trace());
        return id == null ? "" : id;
    }

    private static Map<String, Canonical> storedSums(Connection connection, List<StoredItem> items)
            throws SQLException {
        Map<String, Map<String, Canonical>> byProject = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(SUMMARIES)) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "text",
                            items.stream().map(item -> item.key().project()).toArray()));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    Map<String, BigDecimal> columns = new LinkedHashMap<>();
                    for (String column : SUMS) {
                        columns.put(column, rows.getBigDecimal(column));
                    }
                    byProject
                            .computeIfAbsent(rows.getString("project_id"), fresh -> new TreeMap<>())
                            .put(
                                    rows.getString("day") + "/" + rows.getString("model"),
                                    CanonicalTrace.amounts(columns));
                }
            }
        }
        Map<String, Canonical> sums = new HashMap<>();
        byProject.forEach((project, elements) -> sums.put(project, Canonical.elements(elements)));
        return sums;
    }
}
