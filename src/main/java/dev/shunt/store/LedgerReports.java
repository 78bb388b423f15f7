package dev.shunt.store;

import static dev.shunt.store.Reads.texts;
import static dev.shunt.store.Reads.utc;

import dev.shunt.core.ItemKey;
import dev.shunt.core.Route;
import dev.shunt.core.WayIn;
import dev.shunt.core.Workload;
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
     * Items of one cohort that the ledger and the dead letters see differently, or only these know.
     *
     * @param pending dead letters whose row still says PENDING
     * @param open dead letters whose row still says OPEN
     * @param unknown dead letters without a row
     */
    public record Died(Route decided, WayIn wayIn, long pending, long open, long unknown) {}

    /** Accepted items of the window that ended as dead letters while their row, if there is one, does not say so. */
    public List<Died> diedOtherwise(Workload workload, Instant from, Instant until) {
        return reads.ask(
                "reading dead letters of " + workload,
                jdbc -> window(jdbc, workload, from, until, """
                with dead as (
                    select distinct item_key from dead_letter
                    where workload = :workload and state = 'DEAD' and item_key is not null
                ), died as (
                    select l.decided_route as route, l.way_in, l.state from ledger l join dead using (item_key)
                    where l.workload = :workload and l.accepted_on between :firstDay and :lastDay
                      and l.accepted_at >= :from and l.accepted_at < :until and l.state in ('OPEN', 'PENDING')
                      and l.reason <> 'PINNED'
                    union all
                    (select distinct on (item_key) coalesce(decided_route, route), coalesce(way_in, 'TAP'), 'UNKNOWN'
                    from dead_letter d
                    where workload = :workload and state = 'DEAD' and item_key is not null
                      and accepted_at >= :from and accepted_at < :until
                      and not exists (select from ledger l where l.workload = d.workload and l.item_key = d.item_key)
                    order by item_key, id)
                )
                select route, way_in, count(*) filter (where state = 'PENDING') as pending,
                    count(*) filter (where state = 'OPEN') as open, count(*) filter (where state = 'UNKNOWN') as unknown
                from died group by 1, 2
                """)
                        .query((row, number) -> new Died(
                                Route.valueOf(row.getString("route")),
                                WayIn.valueOf(row.getString("way_in")),
                                row.getLong("pending"),
                                row.getLong("open"),
                                row.getLong("unknown")))
                        .list());
    }

    /**
     * Items of one route that a person had pinned.
     *
     * @param inFlight accepted and neither done nor dead, as far as the ledger knows them
     */
    public record Pinned(Route executed, long accepted, long completed, long inFlight, long failed) {}

    /** Pinned items accepted in the window, by the route that they ran on; they are in no cohort. */
    public List<Pinned> pinned(Workload workload, Instant from, Instant until) {
        return reads.ask(
                "reading pinned items of " + workload,
                jdbc -> window(jdbc, workload, from, until, """
                with dead as (
                    select distinct item_key from dead_letter
                    where workload = :workload and state = 'DEAD' and item_key is not null
                )
                select l.executed_route as route, count(*) as accepted,
                    count(*) filter (where l.state = 'DONE') as completed,
                    count(*) filter (where l.state in ('OPEN', 'PENDING') and d.item_key is null) as in_flight,
                    count(*) filter (where l.state = 'DEAD' or (l.state <> 'DONE' and d.item_key is not null)) as failed
                from ledger l left join dead d using (item_key)
                where l.workload = :workload and l.reason = 'PINNED'
                  and l.accepted_on between :firstDay and :lastDay
                  and l.accepted_at >= :from and l.accepted_at < :until
                group by 1 order by 1
                """)
                        .query((row, number) -> new Pinned(
                                Route.valueOf(row.getString("route")),
                                row.getLong("accepted"),
                                row.getLong("completed"),
                                row.getLong("in_flight"),
                                row.getLong("failed")))
                        .list());
    }

    /** An item and the cohort it belongs to. */
    public record Member(ItemKey key, Route decided, WayIn wayIn) {}

    /** Items of the window that were taken from the dead letters to be sent again and have no row yet. */
    public List<Member> replaying(Workload workload, Instant from, Instant until) {
        return reads.ask(
                "reading replays of " + workload,
                jdbc -> window(jdbc, workload, from, until, """
                select distinct on (item_key) item_key, coalesce(decided_route, route) as route,
                    coalesce(way_in, 'TAP') as way_in
                from dead_letter d
                where workload = :workload and state = 'REPLAYED' and stored_at is null and item_key is not null
                  and accepted_at >= :from and accepted_at < :until
                  and not exists (select from ledger l where l.workload = d.workload and l.item_key = d.item_key)
                order by item_key, id
                """)
                        .query((row, number) -> new Member(
                                new ItemKey(row.getString("item_key")),
                                Route.valueOf(row.getString("route")),
                                WayIn.valueOf(row.getString("way_in"))))
                        .list());
    }

    /** Items accepted before this were copied into the ledger if they were in flight; 1970 if that is not known. */
    public Instant copiedUntil(Workload workload) {
        return reads.ask(
                "reading how far open items of " + workload + " were copied",
                jdbc -> jdbc.sql("select copied_until from open_mark where workload = :workload")
                        .param("workload", workload.name())
                        .query((row, number) -> Reads.time(row, "copied_until"))
                        .optional()
                        .orElse(Instant.EPOCH));
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
}
