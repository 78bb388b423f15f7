package dev.shunt.workloads.trace;

import dev.shunt.core.ItemKey;
import dev.shunt.store.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads back what items wrote, in the form in which their messages were decoded. Rows come with the number of the item that
 * they were asked for, and with the key of another item only where another one wrote them: reconciliations read millions.
 */
final class StoredItems {

    private static final String ITEMS =
            " from unnest(?::text[], ?::text[], ?::text[]) with ordinality as i (project_id, trace_id, item_key, n) ";
    private static final String TRACES =
            """
            select i.n::integer, nullif(t.item_key, i.item_key), t.name, t.occurred_at, t.session_id, t.user_id, t.metadata
            """ + ITEMS + "join trace t on t.project_id = i.project_id and t.id = i.trace_id";
    private static final String SPANS =
            """
            select i.n::integer, nullif(s.item_key, i.item_key), s.id, s.parent_span_id, s.name, s.start_time, s.end_time,
                s.input, s.output, s.metadata, s.model, s.model_parameters, s.prompt_tokens, s.completion_tokens,
                s.total_tokens, s.level, s.status_message, s.client_digest, s.price_state, s.price_id, s.input_cost,
                s.output_cost, s.total_cost, s.summarised, s.stored_at
            """ + ITEMS + "join span s on s.project_id = i.project_id and s.trace_id = i.trace_id";

    private final List<ItemKey> keys;
    private final List<@Nullable TraceMessage> traces;
    private final List<@Nullable String> traceItems;
    private final List<List<SpanRow>> spans;

    private StoredItems(List<ItemKey> keys) {
        this.keys = keys;
        this.traces = new ArrayList<>(Collections.nCopies(keys.size(), null));
        this.traceItems = new ArrayList<>(Collections.nCopies(keys.size(), null));
        this.spans = new ArrayList<>(keys.size());
        keys.forEach(key -> spans.add(new ArrayList<>()));
    }

    /** @param other the key of the item that wrote it, if it is not the one that is asked for */
    private record SpanRow(StoredSpan span, @Nullable String other) {}

    /** One for each key, in order. */
    static List<StoredItem> read(Connection connection, List<ItemKey> keys) throws SQLException {
        var items = new StoredItems(keys);
        items.query(connection, TRACES, items::trace);
        items.query(connection, SPANS, items::span);
        List<StoredItem> read = new ArrayList<>(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            read.add(items.item(i));
        }
        return read;
    }

    private StoredItem item(int index) {
        List<SpanRow> rows = spans.get(index);
        rows.sort(Comparator.comparing(row -> row.span().span().id()));
        List<SpanMessage> all = new ArrayList<>(rows.size());
        List<StoredSpan> own = new ArrayList<>(rows.size());
        Map<String, StoredItem.Other> others = new HashMap<>();
        for (SpanRow row : rows) {
            all.add(row.span().span());
            String other = row.other();
            if (other == null) {
                own.add(row.span());
            } else {
                others.put(
                        row.span().span().id(),
                        new StoredItem.Other(other, row.span().storedAt()));
            }
        }
        TraceMessage trace = traces.get(index);
        return new StoredItem(
                keys.get(index), trace == null ? null : trace.withSpans(all), traceItems.get(index), own, others);
    }

    /** Takes one row. */
    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    private void query(Connection connection, String sql, RowReader reader) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            var arrays = new SqlArrays(connection, select);
            arrays.add("text", keys, ItemKey::project);
            arrays.add("text", keys, ItemKey::subject);
            arrays.add("text", keys, ItemKey::value);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    reader.read(rows);
                }
            }
        }
    }

    private void trace(ResultSet row) throws SQLException {
        int index = row.getInt(1) - 1;
        ItemKey key = keys.get(index);
        String other = row.getString(2);
        traceItems.set(index, other == null ? key.value() : other);
        traces.set(
                index,
                new TraceMessage(
                        key.subject(),
                        key.project(),
                        row.getString(5),
                        row.getString(6),
                        null, // what was said about the user merges into one row per user and cannot be read back
                        row.getString(3),
                        time(row, 4),
                        row.getString(7),
                        List.of(),
                        List.of()));
    }

    private void span(ResultSet row) throws SQLException {
        var span = new SpanMessage(
                row.getString(3),
                row.getString(4),
                row.getString(5),
                time(row, 6),
                timeOrNull(row, 7),
                row.getString(8),
                row.getString(9),
                row.getString(10),
                row.getString(11),
                row.getString(12),
                count(row, 13),
                count(row, 14),
                count(row, 15),
                SpanMessage.Level.valueOf(row.getString(16)),
                row.getString(17),
                row.getLong(18));
        long price = row.getLong(20);
        Long priceId = row.wasNull() ? null : (Long) price;
        var stored = new StoredSpan(
                span,
                row.getString(19),
                priceId,
                row.getBigDecimal(21),
                row.getBigDecimal(22),
                row.getBigDecimal(23),
                row.getBoolean(24),
                time(row, 25));
        spans.get(row.getInt(1) - 1).add(new SpanRow(stored, row.getString(2)));
    }

    private static @Nullable Integer count(ResultSet row, int column) throws SQLException {
        int tokens = row.getInt(column);
        return row.wasNull() ? null : (Integer) tokens;
    }

    private static Instant time(ResultSet row, int column) throws SQLException {
        return Objects.requireNonNull(timeOrNull(row, column));
    }

    private static @Nullable Instant timeOrNull(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
