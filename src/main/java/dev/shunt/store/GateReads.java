package dev.shunt.store;

import static dev.shunt.store.Reads.utc;

import dev.shunt.core.Reason;
import dev.shunt.core.WayIn;
import dev.shunt.core.Workload;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** What gates read: items as they become stored or dead, what is open, how long legacy took, what differs. */
public final class GateReads {

    private static final String COLUMNS = """
            select hashtextextended(item_key, 0) as item,
                case when :byBucket then bucket else hashtextextended(project_id || ':' || subject, 0) end as unit,
                decided_route = 'TEMPORAL' as temporal, executed_route = 'TEMPORAL' as on_temporal, bucket, basis_points,
                epoch, reason, way_in, state, accepted_at, committed_at, coalesce(attempts, 0) as attempts
            from ledger
            """;

    /** Of items with these reasons people decided: they say nothing about a route. */
    static final List<String> BY_PEOPLE = Arrays.stream(Reason.values())
            .filter(Reason::isByPeople)
            .map(Reason::name)
            .toList();

    private final Reads reads;

    public GateReads(DataSource database) {
        this.reads = new Reads(database);
    }

    /**
     * What is read of a workload.
     *
     * @param startedAt items accepted before it are left out
     * @param byBucket whether the bucket stands for the routing key: it does unless each subject is a key of its own
     */
    public record Scope(Workload workload, Instant startedAt, boolean byBucket) {}

    /** The database's time: what commits from now on is stored later than this. */
    public Instant now() {
        return reads.ask(
                "asking Postgres for the time",
                jdbc -> jdbc.sql("select clock_timestamp() as now")
                        .query((row, number) -> Reads.time(row, "now"))
                        .single());
    }

    /** Items that were stored, or died, in {@code since <= t < until} of the database's time. */
    public List<GateRow> settled(Scope scope, Instant since, Instant until) {
        return reads.ask(
                "reading items of " + scope.workload() + " for its gates",
                jdbc -> jdbc.sql(COLUMNS + """
                        where workload = :workload and accepted_on >= :firstDay and accepted_at >= :startedAt
                          and (state in ('DONE', 'PENDING') and committed_at >= :since and committed_at < :until
                            or state = 'DEAD' and changed_at >= :since and changed_at < :until)
                        order by coalesce(committed_at, changed_at)
                        """)
                        .param("byBucket", scope.byBucket())
                        .param("workload", scope.workload().name())
                        .param(
                                "firstDay",
                                scope.startedAt().atOffset(ZoneOffset.UTC).toLocalDate())
                        .param("startedAt", utc(scope.startedAt()))
                        .param("since", utc(since))
                        .param("until", utc(until))
                        .query((row, number) -> row(row))
                        .list());
    }

    /** Items in flight that the ledger knows, the oldest first. */
    public List<GateRow> open(Scope scope, int limit) {
        return reads.ask(
                "reading open items of " + scope.workload() + " for its gates",
                jdbc -> jdbc.sql(COLUMNS + """
                        where workload = :workload and accepted_on >= :firstDay and accepted_at >= :startedAt
                          and state = 'OPEN'
                        order by accepted_at limit :limit
                        """)
                        .param("byBucket", scope.byBucket())
                        .param("workload", scope.workload().name())
                        .param(
                                "firstDay",
                                scope.startedAt().atOffset(ZoneOffset.UTC).toLocalDate())
                        .param("startedAt", utc(scope.startedAt()))
                        .param("limit", limit)
                        .query((row, number) -> row(row))
                        .list());
    }

    /**
     * How long the newest items on legacy took that were accepted before this, from acceptance to commit, in microseconds.
     * Looks no further back than a week and ten times as many items.
     */
    public List<Long> legacyMicros(Workload workload, WayIn wayIn, Instant before, int items) {
        return reads.ask(
                "reading how long items of " + workload + " took on legacy",
                jdbc -> jdbc.sql("""
                        select micros from (
                            select way_in, accepted_at,
                                (extract(epoch from committed_at - accepted_at) * 1000000)::bigint as micros
                            from ledger
                            where workload = :workload and accepted_at < :before and accepted_at >= :earliest
                              and accepted_on >= :firstDay and decided_route = 'LEGACY' and executed_route = 'LEGACY'
                              and reason = 'FLAG' and state in ('DONE', 'PENDING')
                            order by accepted_at desc limit 10 * :items) newest
                        where way_in = :wayIn order by accepted_at desc limit :items
                        """)
                        .param("workload", workload.name())
                        .param("before", utc(before))
                        .param("earliest", utc(before.minusSeconds(7 * 86_400)))
                        .param(
                                "firstDay",
                                before.minusSeconds(7 * 86_400)
                                        .atOffset(ZoneOffset.UTC)
                                        .toLocalDate())
                        .param("items", items)
                        .param("wayIn", wayIn.name())
                        .query(Long.class)
                        .list());
    }

    /** Since when the oldest stored item waits to be verified; empty if none does. */
    public Optional<Instant> unverifiedSince(Workload workload) {
        return reads.ask(
                "reading how far items of " + workload + " are verified",
                jdbc -> jdbc.sql("""
                        select committed_at from ledger
                        where workload = :workload and state = 'DONE' and checked_at is null
                        order by committed_at limit 1
                        """)
                        .param("workload", workload.name())
                        .query((row, number) -> Reads.time(row, "committed_at"))
                        .optional());
    }

    /**
     * Items that ran on Temporal and were verified against their input in {@code since <= t < until}, but for those of which
     * people decided.
     */
    public long verified(Scope scope, Instant since, Instant until) {
        return reads.ask(
                "counting verified items of " + scope.workload(),
                jdbc -> jdbc.sql("""
                        select count(*) from ledger
                        where workload = :workload and accepted_on >= :firstDay and accepted_at >= :startedAt
                          and executed_route = 'TEMPORAL' and checked_at >= :since and checked_at < :until
                          and reason not in (:byPeople)
                        """)
                        .param("byPeople", BY_PEOPLE)
                        .param("workload", scope.workload().name())
                        .param(
                                "firstDay",
                                scope.startedAt().atOffset(ZoneOffset.UTC).toLocalDate())
                        .param("startedAt", utc(scope.startedAt()))
                        .param("since", utc(since))
                        .param("until", utc(until))
                        .query(Long.class)
                        .single());
    }

    /**
     * Pairs of both routes.
     *
     * @param compared but for those of items of which people decided
     * @param differing of all that were compared, at least as many as are not hidden
     */
    public record Pairs(long compared, long differing) {}

    /** Pairs that were compared, of items accepted since then, cut to its minute. */
    public Pairs pairs(Workload workload, Instant since) {
        return reads.ask(
                "counting compared pairs of " + workload,
                jdbc -> jdbc.sql("""
                        select coalesce(sum(equal + differing - by_people), 0)::bigint as compared,
                            coalesce(sum(differing), 0)::bigint as differing
                        from shadow_minute
                        where workload = :workload and mode = 'OTHER_ROUTE' and minute >= date_trunc('minute', :since)
                        """)
                        .param("workload", workload.name())
                        .param("since", utc(since))
                        .query((row, number) -> new Pairs(row.getLong("compared"), row.getLong("differing")))
                        .single());
    }

    /**
     * Items whose result on Temporal disagrees, found in the rollout and hidden by no rule. LATE says when, not what, and
     * does not count; nor do items of which people decided.
     *
     * @param counted those that are among the compared ones of the rollout
     * @param others those that are not, or not yet, or of which the ledger knows nothing any more
     */
    public record Differing(long counted, long others) {}

    /** Items that disagree with what the input says: counted are those that {@link #verified} counts up to {@code until}. */
    public Differing differingVerified(Scope scope, Instant until) {
        return differing(scope, until, "found_by <> 'SHADOW' and route = 'TEMPORAL'", """
                l.executed_route = 'TEMPORAL' and l.accepted_at >= :since and l.checked_at >= :since
                  and l.checked_at < :until""");
    }

    /** Items on which the routes disagree, found by shadow pairs: counted are those accepted when {@link #pairs} counts. */
    public Differing differingPairs(Scope scope) {
        return differing(
                scope,
                scope.startedAt(),
                "found_by = 'SHADOW' and route is distinct from expected_route",
                "l.accepted_at >= date_trunc('minute', :since)");
    }

    private Differing differing(Scope scope, Instant until, String found, String counted) {
        return reads.ask(
                "counting items of " + scope.workload() + " that disagree",
                jdbc -> jdbc.sql(Hiding.WITH + """
                        select count(*) filter (where item.counted) as counted,
                            count(*) filter (where not item.counted) as others
                        from (
                            select item_key, bool_or(by_people) as by_people from shown
                            where workload = :workload and first_seen >= :since and hiding_rule is null and kind <> 'LATE'
                              and item_key <> '' and %s
                            group by item_key) differs
                        cross join lateral ( -- item by item, never the whole ledger
                            select coalesce(bool_or(l.reason in (:byPeople)), false) as by_people,
                                coalesce(bool_or(%s), false) as counted
                            from ledger l where l.workload = :workload and l.item_key = differs.item_key) item
                        where not (differs.by_people or item.by_people)
                        """.formatted(found, counted))
                        .param("byPeople", BY_PEOPLE)
                        .param("workload", scope.workload().name())
                        .param("since", utc(scope.startedAt()))
                        .param("until", utc(until))
                        .query((row, number) -> new Differing(row.getLong("counted"), row.getLong("others")))
                        .single());
    }

    private static GateRow row(ResultSet row) throws SQLException {
        String state = row.getString("state");
        return new GateRow(
                row.getLong("item"),
                row.getLong("unit"),
                row.getBoolean("temporal"),
                row.getBoolean("on_temporal"),
                row.getInt("bucket"),
                row.getInt("basis_points"),
                row.getLong("epoch"),
                row.getString("reason"),
                WayIn.valueOf(row.getString("way_in")),
                switch (state) {
                    case "OPEN" -> GateRow.State.OPEN;
                    case "DEAD" -> GateRow.State.DEAD;
                    default -> GateRow.State.STORED;
                },
                Reads.time(row, "accepted_at"),
                Reads.timeOrNull(row, "committed_at"),
                row.getInt("attempts"));
    }
}
