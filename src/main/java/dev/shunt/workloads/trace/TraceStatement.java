package dev.shunt.workloads.trace;

import dev.shunt.core.Divergence;
import dev.shunt.core.Epoch;
import dev.shunt.core.ItemKey;
import dev.shunt.store.Effect;
import dev.shunt.store.GroupStatement;
import dev.shunt.store.SqlArrays;
import dev.shunt.store.Work;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The effects of a group of traces: rows, prices, daily summary, sessions and users, in one transaction. Both routes run
 * exactly this.
 */
final class TraceStatement implements GroupStatement<TraceMessage> {

    private static final String STORE = SqlText.of("trace/store-group.sql");
    private static final String EXISTING = """
            select s.n, e.client_digest, e.item_key
            from unnest(?::text[], ?::text[], ?::text[]) with ordinality as s (project_id, trace_id, id, n)
            join span e on e.project_id = s.project_id and e.trace_id = s.trace_id and e.id = s.id
            """;

    private final boolean deferPricing;

    /** @param deferPricing leaves price and summary to later steps, as the old workflow did them; for measuring */
    TraceStatement(boolean deferPricing) {
        this.deferPricing = deferPricing;
    }

    @Override
    public List<Effect> apply(Connection connection, List<Work<TraceMessage>> group) throws SQLException {
        List<SpanOf> spans = group.stream()
                .flatMap(work -> work.content().spans().stream().map(span -> new SpanOf(work, span)))
                .toList();
        Map<String, Stored> stored = store(connection, group, spans);
        Map<String, List<Divergence>> conflicts = conflicts(connection, stored, spans);
        List<Work<TraceMessage>> changed =
                group.stream().filter(work -> storedOf(stored, work).changed()).toList();
        Map<ItemKey, Integer> visitors = VisitorStatement.apply(connection, changed);
        return group.stream()
                .map(work -> {
                    Stored of = storedOf(stored, work);
                    ItemKey key = work.delivery().key();
                    return new Effect(
                            of.changed(),
                            of.pending(),
                            conflicts.getOrDefault(key.value(), List.of()),
                            of.rows() + visitors.getOrDefault(key, 0));
                })
                .toList();
    }

    /** A span with the item that brings it. */
    private record SpanOf(Work<TraceMessage> work, SpanMessage span) {

        String itemKey() {
            return work.delivery().key().value();
        }

        TraceMessage trace() {
            return work.content();
        }
    }

    /** What the statement says it stored for one item. */
    private record Stored(boolean newTrace, long newSpans, boolean pending) {

        boolean changed() {
            return newTrace || newSpans > 0;
        }

        int rows() {
            return (newTrace ? 1 : 0) + Math.toIntExact(newSpans);
        }
    }

    private static Stored storedOf(Map<String, Stored> stored, Work<TraceMessage> work) {
        return stored.getOrDefault(work.delivery().key().value(), new Stored(false, 0, false));
    }

    private Map<String, Stored> store(Connection connection, List<Work<TraceMessage>> group, List<SpanOf> spans)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(STORE)) {
            var arrays = new SqlArrays(connection, statement);
            arrays.add("text", group, work -> work.content().projectId());
            arrays.add("text", group, work -> work.content().id());
            arrays.add("text", group, work -> work.content().name());
            arrays.add(
                    "timestamptz",
                    group,
                    work -> SqlArrays.timestamp(work.content().timestamp()));
            arrays.add("text", group, work -> work.content().sessionId());
            arrays.add("text", group, work -> work.content().userId());
            arrays.add("jsonb", group, work -> work.content().metadata());
            arrays.add("text", group, work -> work.delivery().key().value());
            bind(arrays, spans);
            statement.setBoolean(31, deferPricing);
            Map<String, Stored> stored = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    stored.put(rows.getString(1), new Stored(rows.getBoolean(2), rows.getLong(3), rows.getBoolean(4)));
                }
            }
            return stored;
        }
    }

    private static void bind(SqlArrays arrays, List<SpanOf> spans) throws SQLException {
        arrays.add("text", spans, s -> s.trace().projectId());
        arrays.add("text", spans, s -> s.trace().id());
        arrays.add("text", spans, s -> s.span().id());
        arrays.add("text", spans, s -> s.span().parentSpanId());
        arrays.add("text", spans, s -> s.span().name());
        arrays.add("timestamptz", spans, s -> SqlArrays.timestamp(s.span().startTime()));
        arrays.add(
                "timestamptz",
                spans,
                s -> s.span().endTime() == null
                        ? null
                        : SqlArrays.timestamp(s.span().endTime()));
        arrays.add("jsonb", spans, s -> s.span().input());
        arrays.add("jsonb", spans, s -> s.span().output());
        arrays.add("jsonb", spans, s -> s.span().metadata());
        arrays.add("text", spans, s -> s.span().model());
        arrays.add("jsonb", spans, s -> s.span().modelParameters());
        arrays.add("integer", spans, s -> s.span().promptTokens());
        arrays.add("integer", spans, s -> s.span().completionTokens());
        arrays.add("integer", spans, s -> s.span().totalTokens());
        arrays.add("text", spans, s -> s.span().level().name());
        arrays.add("text", spans, s -> s.span().statusMessage());
        List<Billing> billings = spans.stream().map(s -> Billing.of(s.span())).toList();
        arrays.add("text", billings, Billing::provider);
        arrays.add("text", billings, Billing::priceModel);
        arrays.add("text", billings, Billing::summaryModel);
        arrays.add("text", spans, SpanOf::itemKey);
        arrays.add("bigint", spans, s -> s.span().clientDigest());
    }

    /**
     * Spans that were there already with other content. Asked only when the insert left some out, and with a new
     * statement, whose snapshot also sees what another lane committed meanwhile.
     */
    private static Map<String, List<Divergence>> conflicts(
            Connection connection, Map<String, Stored> stored, List<SpanOf> spans) throws SQLException {
        long inserted = stored.values().stream().mapToLong(Stored::newSpans).sum();
        if (inserted == spans.size()) {
            return Map.of();
        }
        Map<String, List<Divergence>> conflicts = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(EXISTING)) {
            var arrays = new SqlArrays(connection, select);
            arrays.add("text", spans, s -> s.trace().projectId());
            arrays.add("text", spans, s -> s.trace().id());
            arrays.add("text", spans, s -> s.span().id());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    SpanOf span = spans.get(rows.getInt(1) - 1);
                    boolean other = !rows.getString(3).equals(span.itemKey());
                    if (other && rows.getLong(2) != span.span().clientDigest()) {
                        conflicts
                                .computeIfAbsent(span.itemKey(), key -> new ArrayList<>())
                                .add(conflict(span, rows.getString(3)));
                    }
                }
            }
        }
        return conflicts;
    }

    private static Divergence conflict(SpanOf span, String firstItem) {
        var delivery = span.work().delivery();
        Epoch epoch = delivery.stamp().decision().epoch();
        return new Divergence(
                Divergence.FoundBy.STORE,
                Divergence.Kind.CONFLICT,
                "spans[" + span.span().id() + "]",
                "as first written by " + firstItem,
                "other content, not stored",
                delivery.key(),
                delivery.route(),
                epoch,
                null,
                null);
    }
}
