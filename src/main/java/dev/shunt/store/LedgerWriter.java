package dev.shunt.store;

import dev.shunt.core.Delivery;
import dev.shunt.core.Delivery.Effort;
import dev.shunt.core.ItemKey;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.Stamp;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes ledger rows in the transaction of their items. The first delivery that commits owns the row; a later one only
 * moves a counter: replay if it is the same delivery again, duplicate if it is another one.
 */
final class LedgerWriter {

    // A delivery that changed nothing may be an old item sent again on another day, whose row is in another partition:
    // only for those is the whole ledger asked. Rows that merely say OPEN or DEAD are taken over, with the decision of
    // the
    // delivery that commits: a replayed dead letter was decided anew.
    private static final String INSERT = """
            insert into ledger (accepted_on, workload, item_key, project_id, subject, state, way_in, decided_route,
                executed_route, reason, bucket, basis_points, epoch, accepted_at, committed_at, delivery_id,
                workflow_id, run_id, evidence, started_at, attempts, temporal_actions, rows_written, done_at,
                changed_at)
            select i.accepted_on, i.workload, i.item_key, i.project_id, i.subject, i.state, i.way_in, i.decided_route,
                i.executed_route, i.reason, i.bucket, i.basis_points, i.epoch, i.accepted_at, clock.now,
                i.delivery_id, i.workflow_id, i.run_id, i.evidence, i.started_at, i.attempts, i.temporal_actions,
                i.rows_written, case when i.state = 'DONE' then clock.now end, clock.now
            from unnest(?::date[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                ?::text[], ?::text[], ?::integer[], ?::integer[], ?::bigint[], ?::timestamptz[], ?::text[], ?::text[],
                ?::text[], ?::text[], ?::timestamptz[], ?::integer[], ?::integer[], ?::integer[], ?::boolean[])
                as i(accepted_on, workload, item_key, project_id, subject, state, way_in, decided_route,
                executed_route, reason, bucket, basis_points, epoch, accepted_at, delivery_id, workflow_id, run_id,
                evidence, started_at, attempts, temporal_actions, rows_written, changed)
            cross join (select clock_timestamp() as now) clock
            where i.changed or not exists (
                select 1 from ledger l
                where l.workload = i.workload and l.item_key = i.item_key and l.state in ('DONE', 'PENDING'))
            order by i.item_key
            on conflict (accepted_on, workload, item_key) do update set
                state = excluded.state, decided_route = excluded.decided_route,
                executed_route = excluded.executed_route, reason = excluded.reason, bucket = excluded.bucket,
                basis_points = excluded.basis_points, epoch = excluded.epoch,
                committed_at = excluded.committed_at, delivery_id = excluded.delivery_id,
                workflow_id = excluded.workflow_id, run_id = excluded.run_id, evidence = excluded.evidence,
                started_at = excluded.started_at, attempts = excluded.attempts,
                temporal_actions = excluded.temporal_actions, rows_written = excluded.rows_written,
                done_at = excluded.done_at, changed_at = excluded.changed_at
            where ledger.state in ('OPEN', 'DEAD')
            returning item_key
            """;

    private static final String COUNT_AGAIN = """
            update ledger l
            set duplicates = l.duplicates + case when l.delivery_id = i.delivery_id then 0 else 1 end,
                replays = l.replays + case when l.delivery_id = i.delivery_id then 1 else 0 end,
                changed_at = clock_timestamp()
            from (select * from unnest(?::text[], ?::text[]) as a(item_key, delivery_id) order by item_key) i
            where l.workload = ? and l.item_key = i.item_key
                and l.accepted_on = (select max(m.accepted_on) from ledger m
                    where m.workload = l.workload and m.item_key = l.item_key)
            returning l.item_key, l.delivery_id = i.delivery_id
            """;

    private LedgerWriter() {}

    /** What the ledger says about one delivery. */
    enum Entry {
        WRITTEN,
        DUPLICATE,
        REPLAY
    }

    static <T> Map<ItemKey, Entry> write(Connection connection, List<Work<T>> group, List<Effect> effects)
            throws SQLException {
        Set<ItemKey> written = insert(connection, group, effects);
        Map<ItemKey, Entry> entries = new HashMap<>();
        List<Delivery> again = group.stream()
                .map(Work::delivery)
                .filter(delivery -> !written.contains(delivery.key()))
                .toList();
        if (!again.isEmpty()) {
            entries.putAll(countAgain(connection, again));
        }
        written.forEach(key -> entries.put(key, Entry.WRITTEN));
        return entries;
    }

    private static <T> Set<ItemKey> insert(Connection connection, List<Work<T>> group, List<Effect> effects)
            throws SQLException {
        List<Delivery> deliveries = group.stream().map(Work::delivery).toList();
        List<Stamp> stamps = deliveries.stream().map(Delivery::stamp).toList();
        List<RouteDecision> decisions = stamps.stream().map(Stamp::decision).toList();
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            var arrays = new SqlArrays(connection, insert);
            arrays.add(
                    "date",
                    stamps,
                    s -> s.acceptedAt().atOffset(ZoneOffset.UTC).toLocalDate().toString());
            arrays.add("text", deliveries, d -> d.workload().name());
            arrays.add("text", deliveries, d -> d.key().value());
            arrays.add("text", deliveries, d -> d.key().project());
            arrays.add("text", deliveries, d -> d.key().subject());
            arrays.add("text", effects, e -> e.pending() ? "PENDING" : "DONE");
            arrays.add("text", stamps, s -> s.wayIn().name());
            arrays.add("text", decisions, d -> d.decided().name());
            arrays.add("text", deliveries, d -> d.route().name());
            arrays.add("text", decisions, d -> d.reason().name());
            arrays.add("integer", decisions, d -> d.bucket().value());
            arrays.add("integer", decisions, d -> d.percentage().basisPoints());
            arrays.add("bigint", decisions, d -> d.epoch().value());
            arrays.add("timestamptz", stamps, s -> SqlArrays.timestamp(s.acceptedAt()));
            arrays.add("text", deliveries, Delivery::deliveryId);
            arrays.add("text", deliveries, execution(Delivery.Execution::workflowId));
            arrays.add("text", deliveries, execution(Delivery.Execution::runId));
            arrays.add("text", stamps, Stamp::evidence);
            List<Effort> efforts = deliveries.stream().map(Delivery::effort).toList();
            arrays.add("timestamptz", efforts, e -> e.startedAt() == null ? null : SqlArrays.timestamp(e.startedAt()));
            arrays.add("integer", efforts, Effort::attempts);
            arrays.add("integer", efforts, Effort::temporalActions);
            arrays.add("integer", effects, e -> e.rows() + 1); // and the ledger's own
            arrays.add("boolean", effects, Effect::changed);
            Set<ItemKey> written = new HashSet<>();
            try (ResultSet rows = insert.executeQuery()) {
                while (rows.next()) {
                    written.add(new ItemKey(rows.getString(1)));
                }
            }
            return written;
        }
    }

    private static Map<ItemKey, Entry> countAgain(Connection connection, List<Delivery> again) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(COUNT_AGAIN)) {
            var arrays = new SqlArrays(connection, update);
            arrays.add("text", again, d -> d.key().value());
            arrays.add("text", again, Delivery::deliveryId);
            update.setString(3, again.getFirst().workload().name());
            Map<ItemKey, Entry> counted = new HashMap<>();
            again.forEach(delivery -> counted.put(delivery.key(), Entry.DUPLICATE));
            try (ResultSet rows = update.executeQuery()) {
                while (rows.next()) {
                    counted.put(new ItemKey(rows.getString(1)), rows.getBoolean(2) ? Entry.REPLAY : Entry.DUPLICATE);
                }
            }
            return counted;
        }
    }

    private static Function<Delivery, @Nullable Object> execution(Function<Delivery.Execution, String> part) {
        return delivery -> delivery.execution() == null ? null : part.apply(delivery.execution());
    }
}
