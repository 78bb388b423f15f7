package dev.shunt.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.comparison.ComparisonReport.Latency;
import dev.shunt.comparison.ComparisonReport.Way;
import dev.shunt.core.Route;
import dev.shunt.core.WayIn;
import dev.shunt.store.CohortReads.Moment;
import dev.shunt.store.CohortStage;
import dev.shunt.store.CohortSums.Pass;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Sums of the ledger against the ledger. */
class CohortsTest extends CohortsSuite {

    @Test
    void any_window_tells_what_the_ledger_has_at_any_moment() {
        long seed = 20_261_122;
        var random = new SplittableRandom(seed);
        var ledger = new RandomLedger(sql, random);
        ledger.grow(250, DAY, END);
        sql.sql("update ledger set changed_at = null").update(); // as rows from before there was such a column
        for (int round = 0; round < 14; round++) {
            switch (random.nextInt(4)) {
                case 0 -> ledger.grow(20, DAY, END);
                case 1 -> ledger.change();
                default -> assertThat(sums.update(TRACE)).isNotEqualTo(Pass.TAKEN);
            }
            if (round == 6) { // long ago: only the mark may tell what is summed up
                sql.sql("update ledger set changed_at = changed_at - interval '1 hour'")
                        .update();
                sql.sql("update cohort_mark set seen_until = seen_until - interval '1 hour'")
                        .update();
            }
            for (int window = 0; window < 4; window++) {
                Instant from = ledger.anyTime(DAY, END);
                Instant until =
                        from.plusMillis(random.nextLong(1, Duration.ofHours(4).toMillis()));
                assertThat(reported(from, until))
                        .as("%s..%s, round %s, seed %s", from, until, round, seed)
                        .isEqualTo(counted(from, until));
                assertThat(reported(from, until, Moment::minutes))
                        .as("minutes of %s..%s, round %s, seed %s", from, until, round, seed)
                        .isEqualTo(reported(from, until, Moment::hours));
            }
        }
        while (sums.update(TRACE) == Pass.MORE) {
            assertThat(reported(DAY, END)).isEqualTo(counted(DAY, END));
        }
        assertThat(sql.sql("select sum(accepted) from cohort_minute")
                        .query(Long.class)
                        .single())
                .isEqualTo(
                        sql.sql("select count(*) from ledger").query(Long.class).single())
                .isEqualTo(sql.sql("select sum(accepted) from cohort_hour")
                        .query(Long.class)
                        .single());
    }

    @Test
    void sums_are_read_where_nothing_changed_and_only_there() {
        var ledger = new RandomLedger(sql, new SplittableRandom(1));
        ledger.grow(60, DAY, END);
        sql.sql("update ledger set changed_at = changed_at - interval '1 hour'").update();
        updateAll();
        // a lie that only the sums tell
        sql.sql("update cohort_minute set duplicates = duplicates + 1000").update();

        assertThat(duplicates()).isGreaterThan(1_000);
        sql.sql("update ledger set changed_at = clock_timestamp()").update();
        assertThat(duplicates()).as("changed rows are read themselves").isLessThan(1_000);
        updateAll();
        assertThat(duplicates()).isLessThan(1_000);
        sql.sql("update cohort_minute set duplicates = duplicates + 1000").update();
        sql.sql("truncate cohort_minute, cohort_mark, cohort_stale").update();
        updateAll();
        assertThat(duplicates()).as("thrown away and built anew").isLessThan(1_000);
    }

    @Test
    void one_instance_sums_up_at_a_time() throws SQLException {
        try (Connection other = database.getConnection()) {
            other.setAutoCommit(false);
            other.createStatement()
                    .execute("select pg_try_advisory_xact_lock(hashtextextended('shunt:cohorts:trace', 0))");

            assertThat(sums.update(TRACE)).isEqualTo(Pass.TAKEN);
            other.rollback();
        }
        assertThat(sums.update(TRACE)).isEqualTo(Pass.COMPLETE);
    }

    @Test
    void each_stage_has_its_own_latencies_and_an_item_its_cost() {
        Instant accepted = DAY.plusSeconds(30);
        for (int i = 1; i <= 50; i++) {
            timed("a" + i, accepted, 10 * i, 3, 2);
        }
        timed("retried", accepted.plusSeconds(90), 5, 2, 4);
        updateAll();

        Way way = Objects.requireNonNull(reported(DAY, END, Moment::hours).get(Route.TEMPORAL + "/" + WayIn.HTTP));
        assertThat(stage(way, CohortStage.ACCEPT_TO_START))
                .extracting(Latency::n, Latency::p50Ms)
                .containsExactly(51L, 1.0);
        assertThat(stage(way, CohortStage.START_TO_COMMIT).p50Ms()).isBetween(249.0, 251.0);
        assertThat(stage(way, CohortStage.ACCEPT_TO_COMMIT).p50Ms()).isBetween(250.0, 252.0);
        assertThat(stage(way, CohortStage.COMMIT_TO_DONE).p999Ms()).isBetween(1_999.0, 2_001.0);
        assertThat(way.cost()).satisfies(cost -> {
            assertThat(cost.items()).isEqualTo(51);
            assertThat(cost.temporalActions()).isEqualTo(50 * 3 + 2);
            assertThat(cost.rowsWrittenEach()).isEqualTo((50 * 2 + 4) / 51.0);
        });
    }

    @Test
    void a_series_has_the_same_items_in_spans() {
        var ledger = new RandomLedger(sql, new SplittableRandom(7));
        ledger.grow(150, DAY, END);
        updateAll();
        ledger.grow(30, DAY, END);
        Instant from = DAY.plusSeconds(100);
        Instant until = END.minusSeconds(1);
        var tally = new SeriesTally(Duration.ofMinutes(7));

        reads.atOneMoment(moment -> {
            moment.minutes(TRACE, from, until, tally::add);
            return true;
        });

        List<CohortSeries.Point> points = tally.points();
        assertThat(points.stream().mapToLong(CohortSeries.Point::accepted).sum())
                .isEqualTo(sql.sql("select count(*) from ledger where accepted_at >= ? and accepted_at < ?")
                        .params(from.atOffset(ZoneOffset.UTC), until.atOffset(ZoneOffset.UTC))
                        .query(Long.class)
                        .single());
        assertThat(points).extracting(CohortSeries.Point::at).isSorted().allMatch(at -> at.getEpochSecond() % 420 == 0);
        assertThat(points.stream().map(point -> point.at() + "/" + point.route() + point.wayIn()))
                .doesNotHaveDuplicates();
    }

    @Test
    void quantile_intervals_are_those_of_the_tables() {
        // Hahn and Meeker, two-sided distribution-free 95 % intervals for the median
        assertThat(QuantileInterval.of(0.5, 10)).isEqualTo(new QuantileInterval(5, 2, 9));
        assertThat(QuantileInterval.of(0.5, 100)).isEqualTo(new QuantileInterval(50, 40, 61));
        assertThat(QuantileInterval.of(0.99, 100).high()).isZero();
        assertThat(QuantileInterval.of(0.5, 5)).isEqualTo(new QuantileInterval(3, 0, 0));
        assertThat(QuantileInterval.of(0.99, 0)).isEqualTo(new QuantileInterval(0, 0, 0));
        assertThat(QuantileInterval.of(0.5, 1_000_000).rank()).isEqualTo(500_000);
    }

    private void timed(String id, Instant accepted, int millis, int actions, int rows) {
        sql.sql("""
                insert into ledger (accepted_on, workload, item_key, project_id, subject, state, way_in, decided_route,
                    executed_route, reason, bucket, basis_points, epoch, accepted_at, started_at, committed_at, done_at,
                    attempts, temporal_actions, rows_written)
                values ('2026-11-20', 'trace', :id, 'p', :id, 'DONE', 'HTTP', 'TEMPORAL', 'TEMPORAL', 'FLAG', 1, 1000, 7,
                    :accepted, :started, :committed, :done, 1, :actions, :rows)
                """)
                .param("id", id)
                .param("accepted", accepted.atOffset(ZoneOffset.UTC))
                .param("started", accepted.plusMillis(1).atOffset(ZoneOffset.UTC))
                .param("committed", accepted.plusMillis(1 + millis).atOffset(ZoneOffset.UTC))
                .param("done", accepted.plusMillis(2_001 + millis).atOffset(ZoneOffset.UTC))
                .param("actions", actions)
                .param("rows", rows)
                .update();
    }

    private static Latency stage(Way way, CohortStage stage) {
        return Objects.requireNonNull(way.stages().get(stage));
    }

    private long duplicates() {
        return reported(DAY, END, Moment::minutes).values().stream()
                .mapToLong(Way::duplicates)
                .sum();
    }

    private Map<String, String> reported(Instant from, Instant until) {
        Map<String, String> lines = new TreeMap<>();
        reported(from, until, Moment::hours)
                .forEach((cohort, way) -> lines.put(
                        cohort,
                        List.of(
                                        way.accepted(),
                                        way.completed(),
                                        way.inFlight(),
                                        way.failed(),
                                        way.retried(),
                                        way.fallback(),
                                        way.diverted(),
                                        way.duplicates(),
                                        way.replays(),
                                        stage(way, CohortStage.ACCEPT_TO_START).n(),
                                        stage(way, CohortStage.START_TO_COMMIT).n(),
                                        stage(way, CohortStage.COMMIT_TO_DONE).n(),
                                        stage(way, CohortStage.ACCEPT_TO_COMMIT).n(),
                                        way.cost().items(),
                                        way.cost().temporalActions(),
                                        way.cost().rowsWritten())
                                .toString()));
        return lines;
    }

    /** The same, asked in the plainest way, item by item. */
    private Map<String, String> counted(Instant from, Instant until) {
        Map<String, String> lines = new TreeMap<>();
        sql.sql("""
                with item as (
                    select l.*, l.state = 'DEAD' or l.state <> 'DONE' and exists (select from dead_letter d
                            where d.workload = l.workload and d.item_key = l.item_key and d.state = 'DEAD') as died,
                        l.state in ('DONE', 'PENDING') and l.reason <> 'REPLAY' as timed
                    from ledger l where accepted_at >= ? and accepted_at < ?)
                select decided_route || '/' || way_in, concat_ws(', ', count(*), count(*) filter (where state = 'DONE'),
                    count(*) filter (where state in ('OPEN', 'PENDING') and not died), count(*) filter (where died),
                    count(*) filter (where attempts > 1), count(*) filter (where reason = 'FALLBACK'),
                    count(*) filter (where executed_route <> decided_route), sum(duplicates), sum(replays),
                    count(started_at) filter (where timed), count(started_at) filter (where timed),
                    count(done_at) filter (where timed), count(*) filter (where timed),
                    count(rows_written), coalesce(sum(temporal_actions), 0), coalesce(sum(rows_written), 0))
                from item group by 1
                """)
                .params(from.atOffset(ZoneOffset.UTC), until.atOffset(ZoneOffset.UTC))
                .query(row -> {
                    lines.put(row.getString(1), "[" + row.getString(2) + "]");
                });
        // dead letters without a row are accepted items too
        reads.atOneMoment(moment -> moment.ledger().diedOtherwise(TRACE, from, until)).stream()
                .filter(died -> died.unknown() > 0)
                .forEach(died -> lines.merge(
                        died.decided() + "/" + died.wayIn(), "[" + "0, ".repeat(15) + "0]", (before, none) -> before));
        reads.atOneMoment(moment -> moment.ledger().diedOtherwise(TRACE, from, until))
                .forEach(died -> lines.computeIfPresent(
                        died.decided() + "/" + died.wayIn(), (cohort, line) -> withUnknown(line, died.unknown())));
        return lines;
    }

    private static String withUnknown(String line, long unknown) {
        String[] figures = line.substring(1, line.length() - 1).split(", ", -1);
        figures[0] = Long.toString(Long.parseLong(figures[0]) + unknown);
        figures[3] = Long.toString(Long.parseLong(figures[3]) + unknown);
        return List.of(figures).toString();
    }
}
