package dev.shunt.workloads.trace;

import dev.shunt.core.ItemKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads back what items wrote, in the form in which their messages were decoded. */
final class StoredItems {

    private static final String ITEMS = " from unnest(?::text[], ?::text[]) as i (project_id, trace_id) ";
    private static final String TRACES =
            "select t.*" + ITEMS + "join trace t on t.project_id = i.project_id and t.id = i.trace_id";
    private static final String SPANS = "select s.*" + ITEMS
            + "join span s on s.project_id = i.project_id and s.trace_id = i.trace_id order by s.id";

    private StoredItems() {}

    private record TraceId(String project, String id) {}

    private record TraceRow(TraceMessage trace, String itemKey) {}

    private record SpanRow(StoredSpan span, String itemKey) {}

    /** One for each key, in order. */
    static List<StoredItem> read(Connection connection, List<ItemKey> keys) throws SQLException {
        List<TraceId> ids = keys.stream()
                .map(key -> new TraceId(key.project(), key.subject()))
                .distinct()
                .toList();
        Map<TraceId, TraceRow> traces = new HashMap<>();
        query(
                connection,
                TRACES,
                ids,
                row -> traces.put(
                        new TraceId(row.getString("project_id"), row.getString("id")),
                        new TraceRow(trace(row), row.getString("item_key"))));
        Map<TraceId, List<SpanRow>> spans = new HashMap<>();
        query(
                connection,
                SPANS,
                ids,
                row -> spans.computeIfAbsent(
                                new TraceId(row.getString("project_id"), row.getString("trace_id")),
                                id -> new ArrayList<>())
                        .add(new SpanRow(storedSpan(row), row.getString("item_key"))));
        return keys.stream().map(key -> item(key, traces, spans)).toList();
    }

    private static StoredItem item(ItemKey key, Map<TraceId, TraceRow> traces, Map<TraceId, List<SpanRow>> spans) {
        var id = new TraceId(key.project(), key.subject());
        TraceRow trace = traces.get(id);
        List<SpanRow> rows = spans.getOrDefault(id, List.of());
        Map<Boolean, List<SpanRow>> own = rows.stream()
                .collect(Collectors.partitioningBy(row -> row.itemKey().equals(key.value())));
        return new StoredItem(
                key,
                trace == null ? null : withSpans(trace.trace(), rows),
                trace == null ? null : trace.itemKey(),
                own.getOrDefault(true, List.of()).stream().map(SpanRow::span).toList(),
                own.getOrDefault(false, List.of()).stream()
                        .collect(Collectors.toMap(row -> row.span().span().id(), SpanRow::itemKey)));
    }

    private static TraceMessage withSpans(TraceMessage trace, List<SpanRow> rows) {
        return new TraceMessage(
                trace.id(),
                trace.projectId(),
                trace.sessionId(),
                trace.userId(),
                trace.user(),
                trace.name(),
                trace.timestamp(),
                trace.metadata(),
                rows.stream().map(row -> row.span().span()).toList(),
                trace.tolerated());
    }

    /** Takes one row. */
    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    private static void query(Connection connection, String sql, List<TraceId> ids, RowReader reader)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "text", ids.stream().map(TraceId::project).toArray()));
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "text", ids.stream().map(TraceId::id).toArray()));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    reader.read(rows);
                }
            }
        }
    }

    private static TraceMessage trace(ResultSet row) throws SQLException {
        return new TraceMessage(
                row.getString("id"),
                row.getString("project_id"),
                row.getString("session_id"),
                row.getString("user_id"),
                null, // what was said about the user merges into one row per user and cannot be read back
                row.getString("name"),
                time(row, "occurred_at"),
                row.getString("metadata"),
                List.of(),
                List.of());
    }

    private static StoredSpan storedSpan(ResultSet row) throws SQLException {
        return new StoredSpan(
                span(row),
                row.getString("price_state"),
                row.getObject("price_id", Long.class),
                row.getBigDecimal("input_cost"),
                row.getBigDecimal("output_cost"),
                row.getBigDecimal("total_cost"),
                row.getBoolean("summarised"),
                time(row, "stored_at"));
    }

    private static SpanMessage span(ResultSet row) throws SQLException {
        return new SpanMessage(
                row.getString("id"),
                row.getString("parent_span_id"),
                row.getString("name"),
                time(row, "start_time"),
                timeOrNull(row, "end_time"),
                row.getString("input"),
                row.getString("output"),
                row.getString("metadata"),
                row.getString("model"),
                row.getString("model_parameters"),
                row.getObject("prompt_tokens", Integer.class),
                row.getObject("completion_tokens", Integer.class),
                row.getObject("total_tokens", Integer.class),
                SpanMessage.Level.valueOf(row.getString("level")),
                row.getString("status_message"),
                row.getLong("client_digest"));
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant timeOrNull(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
