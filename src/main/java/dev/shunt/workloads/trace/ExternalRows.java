package dev.shunt.workloads.trace;

import dev.shunt.core.ItemKey;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads back what a worker outside stored, in the form in which its messages were decoded. */
final class ExternalRows {

    private final ExternalTables tables;
    private final OutsideCells cells;

    ExternalRows(ExternalTables tables) {
        this.tables = tables;
        this.cells = new OutsideCells(tables.names());
    }

    /**
     * The rows of one trace.
     *
     * @param sessionUser the user that its session's row names, as the client called it
     * @param sessionUserKnown whether a trace of the session names that user too; true if there is nothing to know
     */
    record Stored(
            TraceMessage trace,
            List<CostedSpan> spans,
            @Nullable String sessionUser,
            boolean sessionUserKnown) {}

    /** One span with what the worker computed. */
    record CostedSpan(
            SpanMessage span,
            @Nullable BigDecimal inputCost,
            @Nullable BigDecimal outputCost,
            @Nullable BigDecimal totalCost,
            @Nullable String priceId) {}

    /** By {@code project:trace}; those that are not there are left out. */
    Map<String, Stored> read(Connection connection, Collection<ItemKey> keys) throws SQLException {
        Object[] projects = keys.stream().map(ItemKey::project).toArray();
        Object[] ids = keys.stream().map(ItemKey::subject).toArray();
        Map<String, List<CostedSpan>> spans = new HashMap<>();
        ExternalDatabase.rows(
                connection,
                tables.spans(),
                row -> spans.computeIfAbsent(row.getString("trace_id"), id -> new ArrayList<>())
                        .add(span(row)),
                (Object) ids);
        Map<String, Stored> found = new HashMap<>();
        ExternalDatabase.rows(
                connection,
                tables.traces(),
                row -> {
                    List<CostedSpan> own = spans.getOrDefault(row.getString("id"), List.of());
                    TraceMessage trace = trace(row, own);
                    found.put(
                            subject(trace.projectId(), trace.id()),
                            new Stored(
                                    trace,
                                    own,
                                    row.getString("session_user"),
                                    !Boolean.FALSE.equals(row.getObject("session_user_known", Boolean.class))));
                },
                projects,
                ids);
        return found;
    }

    static String subject(String project, String id) {
        return ItemKey.of(project, id, "0000000000000000").subjectKey();
    }

    private TraceMessage trace(ResultSet row, List<CostedSpan> spans) throws SQLException {
        Instant occurred = time(row, "occurred_at");
        return new TraceMessage(
                row.getString("id"),
                row.getString("project_id"),
                row.getString("session_id"),
                row.getString("user_id"),
                null,
                row.getString("name"),
                occurred == null ? Instant.EPOCH : occurred,
                row.getString("metadata"),
                spans.stream().map(CostedSpan::span).toList(),
                List.of());
    }

    CostedSpan span(ResultSet row) throws SQLException {
        Instant start = time(row, "start_time");
        return new CostedSpan(
                new SpanMessage(
                        row.getString("id"),
                        row.getString("parent_span_id"),
                        String.valueOf(row.getString("name")),
                        start == null ? Instant.EPOCH : start,
                        time(row, "end_time"),
                        row.getString("input"),
                        row.getString("output"),
                        row.getString("metadata"),
                        row.getString("model"),
                        row.getString("model_parameters"),
                        row.getObject("prompt_tokens", Integer.class),
                        row.getObject("completion_tokens", Integer.class),
                        row.getObject("total_tokens", Integer.class),
                        level(row.getString("level")),
                        row.getString("status_message"),
                        0),
                row.getBigDecimal("input_cost"),
                row.getBigDecimal("output_cost"),
                row.getBigDecimal("total_cost"),
                row.getString("price_id"));
    }

    /** A level that nobody knows reads as DEFAULT, as it does everywhere. */
    private SpanMessage.Level level(@Nullable String stored) {
        String name = stored == null ? "" : tables.names().levels().getOrDefault(stored, stored);
        for (SpanMessage.Level level : SpanMessage.Level.values()) {
            if (level.name().equals(name.toUpperCase(Locale.ROOT)) && level != SpanMessage.Level.UNSPECIFIED) {
                return level;
            }
        }
        return SpanMessage.Level.DEFAULT;
    }

    private @Nullable Instant time(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? null : cells.cut(Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
    }
}
