package dev.shunt.store;

import static dev.shunt.store.Reads.texts;

import dev.shunt.core.Delivery;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.Stamp;
import dev.shunt.core.Workload;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Ledger rows of items that a worker outside Shunt stored in tables of its own. Their results and their rows cannot commit
 * together: the row is written when the results are seen.
 */
public final class ExternalLedger {

    /** How the delivery ids of such rows begin. */
    public static final String DELIVERY = Delivery.OUTSIDE;

    // As the lanes write theirs: the first delivery owns the row, an OPEN or DEAD one is taken over.
    private static final String INSERT = """
            insert into ledger (accepted_on, workload, item_key, project_id, subject, state, way_in, decided_route,
                executed_route, reason, bucket, basis_points, epoch, accepted_at, committed_at, done_at, delivery_id,
                evidence)
            select (i.accepted_at at time zone 'UTC')::date, :workload, i.item_key, i.project_id, i.subject, 'DONE',
                i.way_in, i.decided_route, 'LEGACY', i.reason, i.bucket::integer, i.basis_points::integer,
                i.epoch::bigint, i.accepted_at, i.committed_at, i.committed_at, i.delivery_id, i.evidence
            from (
                select item_key, project_id, subject, way_in, decided_route, reason, bucket, basis_points, epoch,
                    accepted_at::timestamptz as accepted_at, committed_at::timestamptz as committed_at, delivery_id,
                    evidence
                from unnest(:keys, :projects, :subjects, :waysIn, :decided, :reasons, :buckets, :basisPoints, :epochs,
                    :acceptedAt, :committedAt, :deliveries, :evidence)
                    as a(item_key, project_id, subject, way_in, decided_route, reason, bucket, basis_points, epoch,
                    accepted_at, committed_at, delivery_id, evidence)) i
            where not exists (
                select from ledger l
                where l.workload = :workload and l.item_key = i.item_key and l.state in ('DONE', 'PENDING'))
            order by i.item_key
            on conflict (accepted_on, workload, item_key) do update set
                state = excluded.state, decided_route = excluded.decided_route,
                executed_route = excluded.executed_route, reason = excluded.reason, bucket = excluded.bucket,
                basis_points = excluded.basis_points, epoch = excluded.epoch, committed_at = excluded.committed_at,
                done_at = excluded.done_at, delivery_id = excluded.delivery_id, evidence = excluded.evidence,
                changed_at = clock_timestamp()
            where ledger.state in ('OPEN', 'DEAD')
            returning item_key
            """;
    private static final String COUNT_AGAIN = """
            update ledger l
            set duplicates = l.duplicates + case when l.delivery_id = i.delivery_id then 0 else 1 end,
                replays = l.replays + case when l.delivery_id = i.delivery_id then 1 else 0 end,
                changed_at = clock_timestamp()
            from (select * from unnest(:keys, :deliveries) as a(item_key, delivery_id) order by item_key) i
            where l.workload = :workload and l.item_key = i.item_key
                and l.accepted_on = (select max(m.accepted_on) from ledger m
                    where m.workload = l.workload and m.item_key = l.item_key)
            returning l.item_key, l.executed_route
            """;

    private final Reads database;

    public ExternalLedger(DataSource database) {
        this.database = new Reads(database);
    }

    /**
     * An item whose results are there.
     *
     * @param evidence the evidence for the outside worker's rows
     * @param committedAt when they were written, or seen
     */
    public record Done(Stamp stamp, String evidence, Instant committedAt) {

        private String delivery() {
            return DELIVERY + stamp.acceptedAt();
        }
    }

    /**
     * Writes the rows; those that are there already are counted as duplicates or replays.
     *
     * @return what was new, and what the Temporal route had stored too
     */
    public Recorded record(Workload workload, List<Done> done) {
        if (done.isEmpty()) {
            return new Recorded(Set.of(), Set.of());
        }
        Set<String> written = new HashSet<>(database.ask(
                "recording items that the worker outside has done",
                jdbc -> insert(jdbc.sql(INSERT).param("workload", workload.name()), done)
                        .query(String.class)
                        .list()));
        List<Done> again = done.stream()
                .filter(one -> !written.contains(one.stamp().key().value()))
                .toList();
        return new Recorded(
                written.stream().map(ItemKey::new).collect(Collectors.toSet()),
                again.isEmpty() ? Set.of() : countAgain(workload, again));
    }

    /**
     * What became of rows.
     *
     * @param written items that nobody had done before
     * @param onBothSides items that the Temporal route had stored too
     */
    public record Recorded(Set<ItemKey> written, Set<ItemKey> onBothSides) {}

    private static StatementSpec insert(StatementSpec insert, List<Done> done) {
        column(insert, "keys", done, one -> one.stamp().key());
        column(insert, "projects", done, one -> one.stamp().key().project());
        column(insert, "subjects", done, one -> one.stamp().key().subject());
        column(insert, "waysIn", done, one -> one.stamp().wayIn());
        column(insert, "decided", done, one -> decision(one).decided());
        column(insert, "reasons", done, one -> decision(one).reason());
        column(insert, "buckets", done, one -> decision(one).bucket().value());
        column(insert, "basisPoints", done, one -> decision(one).percentage().basisPoints());
        column(insert, "epochs", done, one -> decision(one).epoch());
        column(
                insert,
                "acceptedAt",
                done,
                one -> SqlArrays.timestamp(one.stamp().acceptedAt()));
        column(insert, "committedAt", done, one -> SqlArrays.timestamp(one.committedAt()));
        column(insert, "deliveries", done, Done::delivery);
        column(insert, "evidence", done, Done::evidence);
        return insert;
    }

    private Set<ItemKey> countAgain(Workload workload, List<Done> again) {
        return new HashSet<>(database.ask("counting items that were done before", jdbc -> {
            StatementSpec update = jdbc.sql(COUNT_AGAIN).param("workload", workload.name());
            column(update, "keys", again, one -> one.stamp().key());
            column(update, "deliveries", again, Done::delivery);
            return update
                    .query((row, number) -> new Found(new ItemKey(row.getString(1)), Route.valueOf(row.getString(2))))
                    .list()
                    .stream()
                    .filter(found -> found.executed() == Route.TEMPORAL)
                    .map(Found::key)
                    .toList();
        }));
    }

    private record Found(ItemKey key, Route executed) {}

    /** Remembers when Shunt first stood in front of the worker, unless it is known. */
    public void inFront(Workload workload) {
        database.ask(
                "remembering since when Shunt stands in front of the worker outside",
                jdbc -> jdbc.sql("insert into external_worker (workload) values (:workload) on conflict do nothing")
                        .param("workload", workload.name())
                        .update());
    }

    private static RouteDecision decision(Done one) {
        return one.stamp().decision();
    }

    private static void column(StatementSpec sql, String name, Collection<Done> rows, Function<Done, Object> value) {
        sql.param(name, texts(rows.stream().map(value).toList()));
    }
}
