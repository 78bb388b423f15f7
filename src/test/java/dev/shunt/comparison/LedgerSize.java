package dev.shunt.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.InFlight;
import dev.shunt.core.Workload;
import dev.shunt.store.CohortReads;
import dev.shunt.store.CohortSums;
import dev.shunt.workloads.trace.TestTraces;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How long reports over a day take with many items in it. No part of the suite: {@code scripts/ledger-size} runs it and
 * {@code docs/comparator.md} shows what it printed.
 */
class LedgerSize {

    private static final Workload TRACE = TestTraces.TRACE;
    private static final int ROWS = Integer.getInteger("shunt.size.rows", 1_000_000);
    private static final int OPEN = Integer.getInteger("shunt.size.open", 20_000);
    private static final int ROUNDS = 5;
    private static final Duration WANTED = Duration.ofSeconds(2);

    private final ComparisonRig rig = new ComparisonRig();
    private final JdbcClient sql = rig.sql;
    private final CohortSums sums = new CohortSums(rig.database, Latencies.PACKING);
    private final LocalDate day = LocalDate.now(ZoneOffset.UTC).minusDays(1);
    private final Instant from = day.atStartOfDay().toInstant(ZoneOffset.UTC);
    private final Instant until = from.plus(Duration.ofDays(1));

    @Test
    void reports_over_a_day_are_quick() {
        say(
                "%s, %s cores, Java %s, load %.2f",
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.vm.version"),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        say("%s", sql.sql("select version()").query(String.class).single());
        timed("fill the ledger", this::fill);
        say("%s", size("ledger_" + day.toString().replace("-", "")));
        try (rig) {
            Comparisons comparisons = rig.comparisons(rig.conservation);
            timed("the report over the day, nothing summed up", () -> comparisons.report(TRACE, from, until));
            timed("sum the day up", this::updateAll);
            say("sums: %s", size("cohort_minute"));
            measure("report over the day", comparisons, from, until);
            measure(
                    "report over the day, ragged ends",
                    comparisons,
                    from.plusMillis(12_345),
                    until.minusMillis(23_456));
            each("series of 200 points over the day", () -> comparisons.series(TRACE, from, until, 200));
            month(comparisons);
            sql.sql("update ledger set changed_at = clock_timestamp() where accepted_at >= ? and accepted_at < ?")
                    .params(utc(until.minusSeconds(300)), utc(until))
                    .update();
            measure("report over the day, 5 of its minutes just changed", comparisons, from, until);
            timed("a pass over 5 changed minutes", this::updateAll);
            fillBook(rig.inFlight);
            timed(
                    "copy " + OPEN + " open items into the ledger",
                    () -> rig.openItems().copy());
            measure("report over two days, " + OPEN + " items in flight", comparisons, from, Instant.now());
        }
    }

    /** The sums of the day, as if each of 29 days before it had been like it; their items themselves are not read. */
    private void month(Comparisons comparisons) {
        for (String table : List.of("cohort_minute minute", "cohort_hour hour")) {
            String time = table.substring(table.indexOf(' ') + 1);
            String name = table.substring(0, table.indexOf(' '));
            sql.sql("""
                    insert into %1$s select r.* from %1$s c, generate_series(1, 29) d,
                        lateral jsonb_populate_record(c, jsonb_build_object('%2$s', c.%2$s - d * interval '1 day')) r
                    """.formatted(name, time)).update();
            sql.sql("analyze " + name).update();
            say("sums of 30 days: %s", size(name));
        }
        Instant start = until.minus(Duration.ofDays(30));
        each("report over 30 days", () -> comparisons.report(TRACE, start, until));
        each(
                "report over 30 days, ragged ends",
                () -> comparisons.report(TRACE, start.plusMillis(12_345), until.minusMillis(23_456)));
        each("series of 200 points over 30 days", () -> comparisons.series(TRACE, start, until, 200));
        assertThat(comparisons.report(TRACE, start, until).conservation().accepted())
                .isEqualTo(30L * ROWS);
        var tally = new SeriesTally(Duration.ofHours(4));
        timed(
                "the same minute by minute",
                () -> new CohortReads(rig.database, Latencies.PACKING).atOneMoment(moment -> {
                    moment.minutes(TRACE, start, until, tally::add);
                    return tally.points();
                }));
        sql.sql("delete from cohort_minute where minute < ?").param(utc(from)).update();
        sql.sql("delete from cohort_hour where hour < ?").param(utc(from)).update();
    }

    private void fill() {
        sql.sql("create table ledger_" + day.toString().replace("-", "") + " partition of ledger for values from ('"
                        + day + "') to ('" + day.plusDays(1) + "')")
                .update();
        sql.sql("""
                insert into ledger (accepted_on, workload, item_key, project_id, subject, state, way_in, decided_route,
                    executed_route, reason, bucket, basis_points, epoch, accepted_at, started_at, committed_at, done_at,
                    attempts, temporal_actions, rows_written, checked_at, evidence, delivery_id, changed_at)
                select :day, 'trace', 'p:t' || i || ':0123456789abcdef', 'p', 't' || i, 'DONE',
                    case when i % 5 = 0 then 'TAP' else 'HTTP' end, route, route, 'FLAG', i % 10000, 5000, 7, accepted,
                    accepted + waited, accepted + waited + ran, accepted + waited + ran,
                    1 + (i % 100 = 0)::int, case route when 'TEMPORAL' then 2 else 0 end, 5, accepted, repeat('e', 200),
                    'd' || i, accepted
                from (
                    select i, case when i % 2 = 0 then 'LEGACY' else 'TEMPORAL' end as route,
                        :from::timestamptz + i * (interval '1 day' / :rows) as accepted,
                        -ln(1 - random()) * interval '20 milliseconds' as waited,
                        -ln(1 - random()) * interval '15 milliseconds' as ran
                    from generate_series(0, :rows - 1) i) item
                """)
                .param("day", day)
                .param("from", utc(from))
                .param("rows", ROWS)
                .update();
        sql.sql("analyze ledger").update();
    }

    private void fillBook(InFlight inFlight) {
        Instant accepted = Instant.now().minusSeconds(120);
        for (int i = 0; i < OPEN; i++) {
            var item = TestTraces.item("open" + i, accepted);
            inFlight.acceptOnLegacy(item, TestTraces.onLegacy(item));
        }
    }

    private void measure(String what, Comparisons comparisons, Instant since, Instant before) {
        each(what, () -> comparisons.report(TRACE, since, before));
        long reported = comparisons.report(TRACE, since, before).conservation().accepted();
        long counted = sql.sql("select count(*) from ledger where accepted_at >= ? and accepted_at < ?")
                .params(utc(since), utc(before))
                .query(Long.class)
                .single();
        assertThat(reported).as(what).isEqualTo(counted);
    }

    private void each(String what, Runnable question) {
        List<Duration> took = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            question.run();
            took.add(Duration.ofNanos(System.nanoTime() - start));
        }
        Collections.sort(took);
        say("| %s | %s to %s |", what, seconds(took.getFirst()), seconds(took.getLast()));
        assertThat(took.get(ROUNDS / 2)).as(what).isLessThan(WANTED);
    }

    private void timed(String what, Runnable work) {
        long start = System.nanoTime();
        work.run();
        say("| %s | %s |", what, seconds(Duration.ofNanos(System.nanoTime() - start)));
    }

    private void updateAll() {
        CohortSums.Pass pass;
        do {
            pass = sums.update(TRACE);
        } while (pass == CohortSums.Pass.MORE);
    }

    private String size(String table) {
        return sql.sql("select ? || ': ' || pg_size_pretty(pg_total_relation_size(cast(? as regclass)))")
                .params(table, table)
                .query(String.class)
                .single();
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    private static String seconds(Duration took) {
        return String.format(Locale.ROOT, "%.2f s", took.toMillis() / 1_000.0);
    }

    @SuppressWarnings("SystemOut")
    private static void say(String line, Object... values) {
        System.out.println(String.format(Locale.ROOT, line, values));
    }
}
