package dev.shunt.store;

import static dev.shunt.store.Reads.texts;

import dev.shunt.core.InFlight.Open;
import dev.shunt.core.Workload;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Copies of what is in flight, so that the ledger knows an item also if Redis loses it. The delivery that stores the item
 * takes its row over.
 */
public final class OpenRows {

    // An item that has any row, or died, is known already; the row of an item accepted on another day stays the only
    // one.
    private static final String INSERT = """
            insert into ledger (accepted_on, workload, item_key, project_id, subject, state, way_in, decided_route,
                executed_route, reason, bucket, basis_points, epoch, accepted_at)
            select (i.accepted_at at time zone 'UTC')::date, :workload, i.item_key, i.project_id, i.subject, 'OPEN',
                i.way_in, i.decided_route, i.executed_route, i.reason, i.bucket::integer, i.basis_points::integer,
                i.epoch::bigint, i.accepted_at
            from (
                select item_key, project_id, subject, way_in, decided_route, executed_route, reason, bucket,
                    basis_points, epoch, accepted_at::timestamptz as accepted_at
                from unnest(:keys, :projects, :subjects, :waysIn, :decided, :executed, :reasons, :buckets,
                    :basisPoints, :epochs, :acceptedAt)
                    as a(item_key, project_id, subject, way_in, decided_route, executed_route, reason, bucket,
                    basis_points, epoch, accepted_at)) i
            where not exists (select from ledger l where l.workload = :workload and l.item_key = i.item_key)
              and not exists (select from dead_letter d
                  where d.workload = :workload and d.item_key = i.item_key and d.state = 'DEAD')
            order by i.item_key
            on conflict do nothing
            """;

    private final Reads database;

    public OpenRows(DataSource database) {
        this.database = new Reads(database);
    }

    /** @return how many the ledger did not know yet */
    public int copy(Workload workload, Collection<Open> items) {
        List<Open> all = List.copyOf(items);
        return database.ask("copying open items of " + workload, jdbc -> {
            StatementSpec insert = jdbc.sql(INSERT).param("workload", workload.name());
            column(insert, "keys", all, item -> item.key().value());
            column(insert, "projects", all, item -> item.key().project());
            column(insert, "subjects", all, item -> item.key().subject());
            column(insert, "waysIn", all, Open::wayIn);
            column(insert, "decided", all, item -> item.decision().decided());
            column(insert, "executed", all, item -> item.decision().executed());
            column(insert, "reasons", all, item -> item.decision().reason());
            column(insert, "buckets", all, item -> item.decision().bucket().value());
            column(
                    insert,
                    "basisPoints",
                    all,
                    item -> item.decision().percentage().basisPoints());
            column(insert, "epochs", all, item -> item.decision().epoch().value());
            column(insert, "acceptedAt", all, item -> SqlArrays.timestamp(item.acceptedAt()));
            return insert.update();
        });
    }

    /** Notes that everything in flight that was accepted before this has a row. */
    public void copiedUntil(Workload workload, Instant before) {
        database.ask(
                "noting how far open items of " + workload + " were copied",
                jdbc -> jdbc.sql("""
                insert into open_mark (workload, copied_until) values (:workload, :before)
                on conflict (workload) do update set copied_until = excluded.copied_until
                """)
                        .param("workload", workload.name())
                        .param("before", Reads.utc(before))
                        .update());
    }

    /** Removes copies whose item was stored under another day of acceptance: a request repeated around midnight. */
    public int removeStored(Workload workload) {
        return database.ask(
                "removing open rows of stored items of " + workload,
                jdbc -> jdbc.sql("""
                delete from ledger o using ledger d
                where o.workload = :workload and o.state = 'OPEN' and d.workload = o.workload
                  and d.item_key = o.item_key and d.accepted_on <> o.accepted_on and d.state in ('DONE', 'PENDING')
                """).param("workload", workload.name()).update());
    }

    private static void column(StatementSpec insert, String name, List<Open> items, Function<Open, Object> value) {
        insert.param(name, texts(items.stream().map(value).toList()));
    }
}
