package dev.shunt.store;

import static dev.shunt.store.Reads.texts;
import static dev.shunt.store.Reads.utc;

import dev.shunt.core.ItemKey;
import dev.shunt.core.Route;
import dev.shunt.core.WayIn;
import dev.shunt.core.Workload;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the ledger says about the items accepted in a span of time. */
public final class LedgerReports {

    private final Reads reads;

    public LedgerReports(DataSource database) {
        this.reads = new Reads(database);
    }

    /**
     * One cohort: the items of one decided route that came in one way. accepted = completed + pending + open + dead.
     *
     * @param completed done
     * @param pending stored, with a price or summary still to be finished
     * @param open accepted and not stored, as far as the ledger knows
     * @param dead ended as dead letters
     * @param fallback ran on the legacy route because the Temporal start failed
     * @param diverted ran on the other route, for whatever reason
     * @param duplicates deliveries by others that found an item done
     * @param replays repeats of a delivery after a crash
     * @param latency accept to commit; without items that were dead in between
     */
    public record Cohort(
            Route decided,
            WayIn wayIn,
            long accepted,
            long completed,
            long pending,
            long open,
            long dead,
            long fallback,
            long diverted,
            long duplicates,
            long replays,
            Latency latency) {}

    /**
     * Quantiles, interpolated between neighbours.
     *
     * @param n committed items they are made of; the rest is NaN when it is 0
     */
    public record Latency(long n, double p50Millis, double p95Millis, double p99Millis) {}

    /** Cohorts of the items accepted in {@code from <= t < until}. */
    public List<Cohort> cohorts(Workload workload, Instant from, Instant until) {
        return reads.ask(
                "reading the cohorts of " + workload,
                jdbc -> window(jdbc, workload, from, until, """
                        with dead as (
                            select distinct item_key from dead_letter
                            where workload = :workload and state = 'DEAD' and item_key is not null
                        ), item as (
                            select l.*, l.state = 'DEAD' or (l.state <> 'DONE' and d.item_key is not null) as died,
                                   case when l.state in ('DONE', 'PENDING') and l.reason <> 'REPLAY'
                                        then extract(epoch from l.committed_at - l.accepted_at)::float8 * 1000
                                   end as latency
                            from ledger l left join dead d using (item_key)
                            where l.workload = :workload and l.accepted_on between :firstDay and :lastDay
                              and l.accepted_at >= :from and l.accepted_at < :until
                        )
                        select decided_route, way_in, count(*) as accepted,
                               count(*) filter (where state = 'DONE') as completed,
                               count(*) filter (where state = 'PENDING' and not died) as pending,
                               count(*) filter (where state = 'OPEN' and not died) as open,
                               count(*) filter (where died) as dead,
                               count(*) filter (where reason = 'FALLBACK') as fallback,
                               count(*) filter (where executed_route <> decided_route) as diverted,
                               sum(duplicates) as duplicates, sum(replays) as replays,
                               count(latency) as n,
                               percentile_cont(0.50) within group (order by latency) as p50,
                               percentile_cont(0.95) within group (order by latency) as p95,
                               percentile_cont(0.99) within group (order by latency) as p99
                        from item group by decided_route, way_in order by decided_route, way_in
                        """)
                        .query(LedgerReports::cohort)
                        .list());
    }

    /** Accepted items of the window that ended as dead letters and never got a ledger row, by decided route. */
    public Map<Route, Long> deadWithoutRow(Workload workload, Instant from, Instant until) {
        return reads.ask(
                "reading dead letters of " + workload, jdbc -> byRoute(window(jdbc, workload, from, until, """
                select coalesce(decided_route, route) as route, count(distinct item_key) as items from dead_letter d
                where workload = :workload and state = 'DEAD' and item_key is not null
                  and accepted_at >= :from and accepted_at < :until
                  and not exists (select from ledger l where l.workload = d.workload and l.item_key = d.item_key)
                group by 1
                """)));
    }

    /** Messages that died in the window and were not replayed, by the route that gave them up; also undecodable ones. */
    public Map<Route, Long> deadLetters(Workload workload, Instant from, Instant until) {
        return reads.ask(
                "counting dead letters of " + workload, jdbc -> byRoute(window(jdbc, workload, from, until, """
                select route, count(*) as items from dead_letter
                where workload = :workload and state = 'DEAD' and died_at >= :from and died_at < :until
                group by route
                """)));
    }

    /** Of these keys, those with a ledger row in any state or a dead letter. */
    public Set<ItemKey> recorded(Workload workload, Collection<ItemKey> keys) {
        if (keys.isEmpty()) {
            return Set.of();
        }
        List<ItemKey> found = reads.ask(
                "looking up items of " + workload,
                jdbc -> jdbc.sql("""
                        select item_key from ledger where workload = :workload and item_key = any(:keys)
                        union
                        select item_key from dead_letter
                        where workload = :workload and state = 'DEAD' and item_key = any(:keys)
                        """)
                        .param("workload", workload.name())
                        .param("keys", texts(keys))
                        .query((row, number) -> new ItemKey(row.getString("item_key")))
                        .list());
        return new HashSet<>(found);
    }

    private static JdbcClient.StatementSpec window(
            JdbcClient jdbc, Workload workload, Instant from, Instant until, String sql) {
        OffsetDateTime start = utc(from);
        OffsetDateTime end = utc(until);
        LocalDate firstDay = start.toLocalDate();
        LocalDate lastDay = end.withOffsetSameInstant(ZoneOffset.UTC).toLocalDate();
        return jdbc.sql(sql)
                .param("workload", workload.name())
                .param("from", start)
                .param("until", end)
                .param("firstDay", firstDay)
                .param("lastDay", lastDay);
    }

    private static Map<Route, Long> byRoute(JdbcClient.StatementSpec counts) {
        Map<Route, Long> result = new EnumMap<>(Route.class);
        counts.query((row, number) -> Map.entry(Route.valueOf(row.getString("route")), row.getLong("items")))
                .list()
                .forEach(count -> result.put(count.getKey(), count.getValue()));
        return result;
    }

    private static Cohort cohort(ResultSet row, int number) throws SQLException {
        long n = row.getLong("n");
        return new Cohort(
                Route.valueOf(row.getString("decided_route")),
                WayIn.valueOf(row.getString("way_in")),
                row.getLong("accepted"),
                row.getLong("completed"),
                row.getLong("pending"),
                row.getLong("open"),
                row.getLong("dead"),
                row.getLong("fallback"),
                row.getLong("diverted"),
                row.getLong("duplicates"),
                row.getLong("replays"),
                n == 0
                        ? new Latency(0, Double.NaN, Double.NaN, Double.NaN)
                        : new Latency(n, row.getDouble("p50"), row.getDouble("p95"), row.getDouble("p99")));
    }
}
