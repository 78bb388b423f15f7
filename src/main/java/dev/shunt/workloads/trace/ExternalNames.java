package dev.shunt.workloads.trace;

import java.lang.reflect.RecordComponent;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Checks the names of an outside worker's tables and columns against the catalogue. */
final class ExternalNames {

    private static final String COLUMNS =
            "select table_name, column_name, data_type from information_schema.columns where table_schema = ?";
    private static final String KEY = "shunt.external.trace.";
    private static final Set<String> TEXTS = Set.of("text", "character varying", "character");
    private static final Set<String> IDS = Set.of("trace.id", "trace.project", "span.id", "span.trace");
    private static final Set<String> MUST_BE_THERE = Set.of(
            "trace.id",
            "trace.project",
            "trace.name",
            "trace.timestamp",
            "span.id",
            "span.trace",
            "span.name",
            "span.start-time");

    private ExternalNames() {}

    /** @throws IllegalArgumentException naming setting, value and what there is */
    static void check(Connection connection, ExternalTraceSettings names) throws SQLException {
        Map<String, Map<String, String>> there = new TreeMap<>();
        ExternalDatabase.rows(
                connection,
                COLUMNS,
                row -> there.computeIfAbsent(row.getString(1), table -> new TreeMap<>())
                        .put(row.getString(2), row.getString(3)),
                names.schema());
        if (there.isEmpty()) {
            throw new IllegalArgumentException(KEY
                    + "schema must name a schema with tables that this user may read, was '" + names.schema() + "'");
        }
        check("trace", names.trace(), false, there, names);
        check("span", names.span(), false, there, names);
        check("sessions", names.sessions(), true, there, names);
        check("users", names.users(), true, there, names);
        check("prices", names.prices(), true, there, names);
        check("summaries", names.summaries(), true, there, names);
    }

    private static void check(
            String part,
            Record mapping,
            boolean optional,
            Map<String, Map<String, String>> there,
            ExternalTraceSettings names) {
        Map<String, String> values = values(mapping);
        String table = String.valueOf(values.remove("table"));
        if (table.isEmpty() && optional) {
            return;
        }
        Map<String, String> columns = there.get(table);
        if (columns == null) {
            throw new IllegalArgumentException(KEY + part + ".table must name a table, was '" + table + "'; schema '"
                    + names.schema() + "' has " + new TreeSet<>(there.keySet()));
        }
        values.forEach((key, column) -> {
            String name = part + "." + key;
            boolean mayBeEmpty = part.equals("trace") || part.equals("span") || name.equals("sessions.user");
            if (column.isEmpty() && mayBeEmpty && !MUST_BE_THERE.contains(name)) {
                return;
            }
            String type = columns.get(column);
            if (type == null) {
                throw new IllegalArgumentException(KEY + name + " must name a column of table '" + table + "', was '"
                        + column + "'; there are " + columns.keySet());
            }
            if (IDS.contains(name) && !TEXTS.contains(type)) {
                throw new IllegalArgumentException(
                        KEY + name + " must name a column of text, was '" + column + "' of type " + type);
            }
        });
    }

    private static Map<String, String> values(Record mapping) {
        Map<String, String> values = new LinkedHashMap<>();
        for (RecordComponent component : mapping.getClass().getRecordComponents()) {
            try {
                values.put(
                        component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT),
                        String.valueOf(component.getAccessor().invoke(mapping)));
            } catch (ReflectiveOperationException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
        return values;
    }
}
