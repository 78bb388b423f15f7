package dev.shunt.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.Workload;
import dev.shunt.embedded.TestBackends;
import dev.shunt.store.GateReads.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How long what is asked of divergences takes when there are many. No part of the suite: {@code scripts/ledger-size} runs it
 * and {@code docs/comparator.md} shows what it printed.
 */
class DivergenceSize {

    private static final Workload TRACE = new Workload("trace");
    private static final int ROWS = Integer.getInteger("shunt.size.rows", 1_000_000);
    private static final int DAYS = 100;
    private static final int ROUNDS = 5;
    private static final Duration WANTED = Duration.ofSeconds(2);

    private final DataSource database = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(database);
    private final GateReads gates = new GateReads(database);
    private final Divergences divergences = new Divergences(database);

    @Test
    void what_is_asked_every_few_seconds_is_quick() {
        fill();
        Instant now = Instant.now();
        Instant dayAgo = now.minus(Duration.ofDays(1));
        each(
                "a gate, of those found within a day",
                () -> gates.differingVerified(new Scope(TRACE, dayAgo, false), now));
        each(
                "a gate, of those found within a week",
                () -> gates.differingVerified(new Scope(TRACE, now.minus(Duration.ofDays(7)), false), now));
        each("totals of a day", () -> divergences.totals(TRACE, dayAgo, now));
        each("items that differ in a day", () -> divergences.differingItems(TRACE, null, dayAgo, now));
        each("a page of 100", () -> divergences.list(Divergences.Filter.all(100)));
        long rows = sql.sql("select count(*) from divergence where first_seen >= ?")
                .param(Reads.utc(dayAgo))
                .query(Long.class)
                .single();
        assertThat(rows).isBetween(ROWS / DAYS - 1_000L, ROWS / DAYS + 1_000L);
        timed("make the two indexes of V26", () -> {
            sql.sql("reindex index divergence_first").update();
            sql.sql("reindex index divergence_group_seen").update();
        });
    }

    private void fill() {
        sql.sql("""
                insert into divergence (workload, kind, item_key, path, path_pattern, expected, actual, route, epoch,
                    first_seen, last_seen, found_by)
                select 'trace', 'VALUE', 'p:t' || i || ':0123456789abcdef', path, path, '1.5', '2.5', 'TEMPORAL', 1,
                    seen, seen, 'RECONCILIATION'
                from (select i, 'field' || i % 20 as path, now() - i * (interval '1 day' * :days / :rows) as seen
                      from generate_series(1, :rows) i) n
                """).param("days", DAYS).param("rows", ROWS).update();
        sql.sql("""
                insert into ignore_rule (workload, path, path_like, relative_tolerance, reason, owner, created_by, expires_at)
                select 'trace', 'field' || i, 'field' || i, 0.01, 'r', 'o', 'o', now() + interval '1 day'
                from generate_series(1, 3) i
                """).update();
        sql.sql("""
                insert into divergence_judgement (workload, kind, path_pattern, state, judged_by, reason)
                values ('trace', 'VALUE', 'field7', 'FIXED', 'o', 'r')
                """).update();
        sql.sql("vacuum analyze divergence").update();
        say("divergences: %s", size());
    }

    private String size() {
        return sql.sql("select pg_size_pretty(pg_total_relation_size('divergence'))")
                .query(String.class)
                .single();
    }

    private static void each(String what, Runnable question) {
        List<Duration> took = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            took.add(time(question));
        }
        Collections.sort(took);
        say("| %s | %s to %s |", what, seconds(took.getFirst()), seconds(took.getLast()));
        assertThat(took.get(ROUNDS / 2)).as(what).isLessThan(WANTED);
    }

    private static void timed(String what, Runnable work) {
        say("| %s | %s |", what, seconds(time(work)));
    }

    private static Duration time(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static String seconds(Duration took) {
        return String.format(Locale.ROOT, "%.3f s", took.toMillis() / 1_000.0);
    }

    @SuppressWarnings("SystemOut")
    private static void say(String line, Object... values) {
        System.out.println(String.format(Locale.ROOT, line, values));
    }
}
