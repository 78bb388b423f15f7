package dev.shunt.workloads.trace;

import dev.shunt.core.ItemKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows that an item had met, told afterwards: first write wins and every row names its item, so what is there under
 * another item's key was there first, or does not touch what this item wrote. Who wrote the trace's row was the first of
 * all and met nothing of the trace. A session keeps the first user it saw: one that is not this item's own was there first.
 *
 * @param rows per table, each as JSON
 */
record MetRows(Map<String, List<String>> rows) {

    /** Parents first. */
    static final List<String> TABLES = List.of("trace", "span", "session");

    private static final String TRACE = """
            select i.n, to_jsonb(t)::text from unnest(?::text[], ?::text[], ?::text[]) with ordinality
                as i (project_id, id, item_key, n)
            join trace t on t.project_id = i.project_id and t.id = i.id and t.item_key <> i.item_key
            """;
    private static final String SPANS = """
            select i.n, to_jsonb(s)::text from unnest(?::text[], ?::text[], ?::text[]) with ordinality
                as i (project_id, id, item_key, n)
            join span s on s.project_id = i.project_id and s.trace_id = i.id and s.item_key <> i.item_key
            """;
    private static final String SESSION = """
            select i.n, to_jsonb(s)::text from unnest(?::text[], ?::text[], ?::text[]) with ordinality
                as i (project_id, id, own_user, n)
            join session s on s.project_id = i.project_id and s.id = i.id and s.user_id <> i.own_user
            """;

    /** In the same snapshot as the items; one for each, in order. */
    static List<MetRows> read(Connection connection, List<StoredItem> items) throws SQLException {
        List<MetRows> met = new ArrayList<>();
        items.forEach(item -> met.add(new MetRows(new HashMap<>())));
        List<StoredItem> shared = items.stream()
                .filter(item -> item.trace() != null && !item.wroteTrace())
                .toList();
        if (!shared.isEmpty()) {
            fill(connection, "trace", TRACE, shared, MetRows::subject, MetRows::key, items, met);
            fill(connection, "span", SPANS, shared, MetRows::subject, MetRows::key, items, met);
        }
        List<StoredItem> visits =
                items.stream().filter(item -> !session(item).isEmpty()).toList();
        if (!visits.isEmpty()) {
            fill(connection, "session", SESSION, visits, MetRows::session, MetRows::user, items, met);
        }
        return met;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** One parameter of the question about one item. */
    private interface Part {
        String of(StoredItem item);
    }

    private static void fill(
            Connection connection,
            String table,
            String sql,
            List<StoredItem> asked,
            Part id,
            Part own,
            List<StoredItem> items,
            List<MetRows> met)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            bind(connection, select, 1, asked, item -> item.key().project());
            bind(connection, select, 2, asked, id);
            bind(connection, select, 3, asked, own);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    StoredItem item = asked.get(rows.getInt(1) - 1);
                    met.get(items.indexOf(item))
                            .rows()
                            .computeIfAbsent(table, fresh -> new ArrayList<>())
                            .add(rows.getString(2));
                }
            }
        }
    }

    private static void bind(
            Connection connection, PreparedStatement select, int index, List<StoredItem> items, Part part)
            throws SQLException {
        select.setArray(
                index,
                connection.createArrayOf("text", items.stream().map(part::of).toArray()));
    }

    private static String subject(StoredItem item) {
        return item.key().subject();
    }

    private static String key(StoredItem item) {
        return item.key().value();
    }

    private static String session(StoredItem item) {
        return item.wroteTrace() && item.trace() != null ? orEmpty(item.trace().sessionId()) : "";
    }

    private static String user(StoredItem item) {
        return item.trace() == null ? "" : orEmpty(item.trace().userId());
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Writes rows of all tables under the projects of their runs. */
    static void write(Connection connection, Map<ItemKey, MetRows> met) throws SQLException {
        insert(
                connection,
                "insert into project (id) select * from unnest(?::text[]) order by 1 on conflict do nothing",
                met.keySet().stream().map(ItemKey::project).toList());
        for (String table : TABLES) {
            List<String> projects = new ArrayList<>();
            List<String> rows = new ArrayList<>();
            met.forEach(
                    (run, found) -> found.rows().getOrDefault(table, List.of()).forEach(row -> {
                        projects.add(run.project());
                        rows.add(row);
                    }));
            if (!rows.isEmpty()) {
                insert(connection, into(table), projects, rows);
            }
        }
    }

    private static String into(String table) {
        return "insert into " + table + " select r.* from unnest(?::text[], ?::text[]) as i (project_id, met), "
                + "jsonb_populate_record(null::" + table
                + ", i.met::jsonb || jsonb_build_object('project_id', i.project_id)) r on conflict do nothing";
    }

    @SafeVarargs
    private static void insert(Connection connection, String sql, List<String>... columns) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            for (int i = 0; i < columns.length; i++) {
                insert.setArray(i + 1, connection.createArrayOf("text", columns[i].toArray()));
            }
            insert.executeUpdate();
        }
    }
}
