package dev.shunt.comparison;

import static dev.shunt.comparison.TestLedger.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.shunt.comparison.CheckerStatus.Role;
import dev.shunt.comparison.DivergenceLog.Entry;
import dev.shunt.comparison.DivergenceLog.Group;
import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.InFlight;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Reason;
import dev.shunt.core.ResultAudit;
import dev.shunt.core.Route;
import dev.shunt.core.StandIn;
import dev.shunt.core.WayIn;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.core.WorkloadSettings;
import dev.shunt.embedded.TestBackends;
import dev.shunt.legacy.TestInFlight;
import dev.shunt.store.CohortReads;
import dev.shunt.store.Divergences;
import dev.shunt.store.ItemRecords;
import dev.shunt.store.LedgerChecks;
import dev.shunt.store.LedgerReports;
import dev.shunt.store.OpenRows;
import dev.shunt.store.SoleRunner;
import dev.shunt.store.TestSettled;
import dev.shunt.store.TestStandIn;
import dev.shunt.workloads.trace.TestTraces;
import io.lettuce.core.RedisClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The comparator on real backends. */
class ComparisonTest {

    private static final Workload TRACE = TestTraces.TRACE;
    private static final String QUEUE = "cognobserve:traces";
    private static final WorkloadCatalog CATALOG = new WorkloadCatalog(
            Map.of(TRACE, new WorkloadSettings(QUEUE, "cognobserve:dlq", "trace-to-temporal", "trace", "shunt-trace")));
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Percentage DIGITS = Percentage.withPercentage(0.1);
    private static final ComparisonSettings SETTINGS =
            new ComparisonSettings(SECOND, Duration.ZERO, 3, 100, Duration.ofSeconds(10), Duration.ofMinutes(1));

    private final Instant start = Instant.now();
    private final MovableClock clock = new MovableClock(start.plusSeconds(40));
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final DataSource database = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(database);
    private final TestLedger rows = new TestLedger(sql);
    private final String redisUrl = TestBackends.freshRedisUrl();
    private final TestInFlight redis = new TestInFlight(redisUrl, CATALOG, TestTraces.codec(), clock);
    private final InFlight inFlight = redis.inFlight();
    private final TestTraces traces = new TestTraces(database);
    private final LedgerChecks ledger = new LedgerChecks(database);
    private final Divergences divergences = new Divergences(database);
    private final DivergenceLog log = new DivergenceLog(divergences);
    private final DivergenceCheck check = check(traces.audit());
    private final Conservation conservation =
            new Conservation(TRACE, inFlight, TestSettled.in(database), ledger, divergences, SETTINGS, clock, meters);

    @AfterEach
    void close() {
        traces.close();
        redis.close();
    }

    @Test
    void items_stored_as_they_came_are_verified_and_nothing_is_found() {
        for (int i = 0; i < 7; i++) {
            traces.store(TestTraces.item("t" + i, start));
        }

        check.run();

        assertThat(list()).isEmpty();
        assertThat(check.status()).isEqualTo(new CheckerStatus(Role.ACTIVE, clock.instant(), 0, null, 0));
    }

    @Test
    void planted_faults_are_found_each_once_with_kind_and_path_and_grouped() {
        for (int i = 0; i < 3; i++) {
            traces.store(TestTraces.item("t" + i, start));
        }
        plant("update span set total_cost = round(total_cost, 6), level = 'ERROR' where id = 's1' and trace_id < 't2'");
        plant("delete from span where trace_id = 't2' and id = 's3'");
        plant("update daily_cost_summary set spans = spans + 1 where model = 'gpt-4o'");
        plant("""
                insert into trace (project_id, id, name, occurred_at, item_key)
                values ('p', 'stranger', 'x', now(), 'p:stranger:0000000000000000')
                """);

        check.run();
        check.run();

        assertThat(list())
                .extracting(Entry::kind, Entry::path)
                .containsExactlyInAnyOrder(
                        tuple(Kind.VALUE, "spans[s1].total_cost"),
                        tuple(Kind.VALUE, "spans[s1].total_cost"),
                        tuple(Kind.VALUE, "spans[s1].level"),
                        tuple(Kind.VALUE, "spans[s1].level"),
                        tuple(Kind.MISSING, "spans[s3]"),
                        tuple(Kind.EXTRA, "traces[p/stranger]"),
                        tuple(Kind.SUMMARY, "summaries[p/2026-11-21/gpt-4o].spans"),
                        tuple(Kind.SUMMARY, "summaries[p/2026-11-21/gpt-4o].total_cost"),
                        tuple(Kind.SUMMARY, "summaries[p/2026-11-21/__all__].total_cost"));
        assertThat(log.groups(TRACE))
                .filteredOn(group -> group.path().equals("spans[].total_cost"))
                .extracting(Group::kind, Group::count, group -> group.examples().size())
                .containsExactly(tuple(Kind.VALUE, 2L, 2));
        assertThat(list()).allSatisfy(entry -> assertThat(entry.seen()).isGreaterThanOrEqualTo(2));
        assertThat(log.list(TRACE, Kind.VALUE, "spans[].level", null, 0, 1))
                .singleElement()
                .satisfies(first -> {
                    assertThat(first.actual()).isEqualTo("ERROR");
                    assertThat(log.list(TRACE, Kind.VALUE, "spans[].level", null, first.id(), 10))
                            .hasSize(1);
                });
    }

    @Test
    void a_row_changed_after_it_was_verified_is_found_by_the_next_walk() {
        traces.store(TestTraces.item("t1", start));
        check.run();
        plant("update trace set name = 'other' where id = 't1'");

        check.run();

        assertThat(list()).extracting(Entry::kind, Entry::path).containsExactly(tuple(Kind.VALUE, "name"));
    }

    @Test
    void a_checker_that_fails_is_counted_and_does_not_pass_for_agreement() {
        Item poison = TestTraces.item("t3", start);
        for (int i = 0; i < 6; i++) {
            traces.store(TestTraces.item("t" + i, start));
        }
        var failing = check(new PoisonedAudit(traces.audit(), poison.key()));

        failing.run();

        assertThat(failing.status()).satisfies(status -> {
            assertThat(status.failures()).isPositive();
            assertThat(status.lastFailure()).contains(poison.key().value());
            assertThat(status.lastCheckedAt()).isNull();
            assertThat(status.backlog()).isEqualTo(1);
        });
    }

    @Test
    void one_instance_checks_at_a_time() {
        traces.store(TestTraces.item("t1", start));

        boolean ran = new SoleRunner(database).run("comparison:trace", check::run);

        assertThat(ran).isTrue();
        assertThat(check.status().role()).isEqualTo(Role.STANDBY);
        assertThat(check.status().backlog()).isEqualTo(1);
    }

    @Test
    void an_accepted_item_that_is_nowhere_is_missing_after_two_looks() {
        Item lost = accept(TestTraces.item("lost", start.minusSeconds(60)));
        Item waiting = accept(TestTraces.item("waiting", start.minusSeconds(60)));
        Item done = traces.store(accept(TestTraces.item("done", start.minusSeconds(60))));
        removeFromList(lost);
        removeFromList(done);

        conservation.look();
        assertThat(conservation.last().missing()).isEmpty();
        clock.advance(Duration.ofSeconds(10));
        conservation.look();

        assertThat(conservation.last().missing()).containsOnlyKeys(lost.key());
        assertThat(list())
                .extracting(Entry::kind, Entry::path, Entry::item)
                .containsExactly(tuple(Kind.MISSING, "item", lost.key().value()));
        assertThat(meters.get("shunt.missing.keys").gauge().value()).isEqualTo(1);
        assertThat(waiting.key()).isNotIn(conservation.last().missing().keySet());

        traces.store(lost);
        conservation.look();
        assertThat(conservation.last().missing()).isEmpty();
    }

    @Test
    void an_open_ledger_row_that_redis_forgot_is_missing_too() {
        rows.row(key("forgotten"), "OPEN", "TEMPORAL", "TEMPORAL", "FLAG", start.minusSeconds(60), SECOND);

        conservation.look();
        clock.advance(Duration.ofSeconds(10));
        conservation.look();

        assertThat(conservation.last().missing()).containsOnlyKeys(new ItemKey(key("forgotten")));
    }

    @Test
    void an_item_open_for_long_is_copied_into_the_ledger_and_taken_over_when_it_is_stored() {
        Item slow = accept(TestTraces.item("slow", start));
        Item fresh = accept(TestTraces.item("fresh", clock.instant().minusSeconds(5)));
        OpenItems open = openItems();

        open.copy();
        open.copy();

        assertThat(state(slow)).containsExactly("OPEN/TAP/LEGACY");
        assertThat(state(fresh)).isEmpty();
        assertThat(report().routes().get(Route.LEGACY)).satisfies(legacy -> {
            assertThat(legacy.accepted()).isEqualTo(2);
            assertThat(legacy.inFlight()).isEqualTo(2);
        });
        traces.store(slow);
        open.copy();
        assertThat(state(slow)).containsExactly("DONE/TAP/LEGACY");
    }

    @Test
    void what_redis_forgot_is_told_apart_from_what_its_lists_lost() {
        Item forgotten = accept(TestTraces.item("forgotten", start));
        Item unlisted = accept(TestTraces.item("unlisted", start));
        openItems().copy();
        inFlight.settle(TRACE, List.of(forgotten.key()));
        removeFromList(forgotten);
        removeFromList(unlisted);

        conservation.look();
        clock.advance(Duration.ofSeconds(10));
        conservation.look();

        assertThat(conservation.last().missing()).containsOnlyKeys(forgotten.key(), unlisted.key());
        assertThat(conservation.last().forgotten()).containsExactly(forgotten.key());
        assertThat(report().conservation().forgotten())
                .containsExactly(forgotten.key().value());
        assertThat(meters.get("shunt.redis.forgotten.keys").gauge().value()).isEqualTo(1);
    }

    @Test
    void a_redis_that_was_started_anew_is_noticed_once_and_named_in_the_report() {
        try (var server = TestBackends.dedicatedRedis();
                var book = new TestInFlight(server.url(), CATALOG, TestTraces.codec(), clock)) {
            var watched = new Conservation(
                    TRACE,
                    book.inFlight(),
                    TestSettled.in(database),
                    ledger,
                    divergences,
                    SETTINGS,
                    clock,
                    new SimpleMeterRegistry());
            watched.look();
            watched.look();
            assertThat(watched.last().redisRestartedAt()).isNull();
            server.kill9();
            watched.look();
            assertThat(watched.failures()).as("it was away").isEqualTo(1);
            server.start();
            clock.advance(SECOND);
            Instant noticed = clock.instant();
            await().until(() -> lookedWell(watched));
            assertThat(watched.last().redisRestartedAt()).isEqualTo(noticed);
            clock.advance(SECOND);
            watched.look();
            assertThat(report(watched).conservation().redisRestartedAt()).isEqualTo(noticed);
        }
    }

    private static boolean lookedWell(Conservation watched) {
        long before = watched.failures();
        watched.look();
        return watched.failures() == before;
    }

    @Test
    void an_item_that_stands_in_postgres_is_open_and_not_missing() {
        StandIn standIn = TestStandIn.in(database);
        Item item = TestTraces.item("standing", start);
        assertThat(standIn.keep(item, TestTraces.onLegacy(item).divertedToLegacy(Reason.STANDBY)))
                .isTrue();
        assertThat(standIn.keep(item, TestTraces.onLegacy(item).divertedToLegacy(Reason.STANDBY)))
                .isFalse();
        openItems().copy();

        conservation.look();
        clock.advance(Duration.ofSeconds(10));
        conservation.look();

        assertThat(state(item)).containsExactly("OPEN/TAP/LEGACY");
        assertThat(conservation.last().missing()).isEmpty();
    }

    @Test
    void the_report_adds_up_and_its_percentiles_are_those_computed_by_hand() {
        for (int i = 1; i <= 100; i++) {
            rows.row(key("l" + i), "DONE", "LEGACY", "LEGACY", "FLAG", start, Duration.ofMillis(i));
        }
        rows.row(key("f1"), "DONE", "TEMPORAL", "LEGACY", "FALLBACK", start, SECOND);
        rows.row(key("f2"), "PENDING", "TEMPORAL", "TEMPORAL", "FLAG", start, SECOND);
        rows.row(key("f3"), "OPEN", "TEMPORAL", "TEMPORAL", "FLAG", start, SECOND);
        rows.row(key("f4"), "OPEN", "TEMPORAL", "TEMPORAL", "FLAG", start, SECOND);
        rows.dead(key("f4"), "TEMPORAL", start, start);
        rows.dead(key("f5"), "TEMPORAL", start, start);
        rows.row(key("old"), "DONE", "LEGACY", "LEGACY", "FLAG", start.minusSeconds(7_200), SECOND);
        accept(TestTraces.item("new", start));

        ComparisonReport report = report();

        assertThat(report.routes().get(Route.LEGACY)).satisfies(legacy -> {
            assertThat(legacy.accepted()).isEqualTo(101);
            assertThat(legacy.completed()).isEqualTo(100);
            assertThat(legacy.inFlight()).isEqualTo(1);
            assertThat(legacy.duplicates()).isEqualTo(100);
            assertThat(legacy.replays()).isEqualTo(200);
            assertThat(legacy.latency().get(WayIn.HTTP)).satisfies(latency -> {
                assertThat(latency.n()).isEqualTo(100);
                assertThat(latency.p50Ms()).isCloseTo(50, DIGITS);
                assertThat(latency.p95Ms()).isCloseTo(95, DIGITS);
                assertThat(latency.p99Ms()).isCloseTo(99, DIGITS);
                assertThat(latency.intervals().get("p50")).satisfies(median -> {
                    assertThat(median.lowMs()).isCloseTo(40, DIGITS);
                    assertThat(median.highMs()).isCloseTo(61, DIGITS);
                });
                assertThat(latency.intervals().get("p99"))
                        .as("100 items tell nothing about the upper end")
                        .satisfies(tail -> assertThat(tail.highMs()).isNull());
            });
            assertThat(legacy.latency().get(WayIn.TAP))
                    .isEqualTo(new ComparisonReport.Latency(0, null, null, null, null, null, Map.of()));
        });
        assertThat(report.routes().get(Route.TEMPORAL)).satisfies(temporal -> {
            assertThat(temporal.accepted()).isEqualTo(5);
            assertThat(temporal.completed()).isEqualTo(1);
            assertThat(temporal.inFlight()).isEqualTo(2);
            assertThat(temporal.failed()).isEqualTo(2);
            assertThat(temporal.fallback()).isEqualTo(1);
            assertThat(temporal.diverted()).isEqualTo(1);
            assertThat(temporal.deadLetters()).isEqualTo(2);
        });
        assertThat(report.conservation())
                .isEqualTo(new ComparisonReport.Items(106, 101, 3, 2, List.of(), List.of(), null, null, 0));
        assertThat(report.redis()).isEqualTo("up");
    }

    @Test
    void an_acceptance_that_met_its_own_item_is_counted_at_the_door() {
        Item item = accept(TestTraces.item("twice", start));
        inFlight.acceptOnLegacy(item, TestTraces.onLegacy(item));

        assertThat(report().routes().get(Route.LEGACY)).satisfies(legacy -> {
            assertThat(legacy.accepted()).isEqualTo(1);
            assertThat(legacy.duplicatesAtDoor()).isEqualTo(1);
        });
    }

    @Test
    void an_item_is_explained_from_ledger_book_and_dead_letters() {
        rows.row("p:t1:aaaaaaaaaaaaaaaa", "DONE", "TEMPORAL", "LEGACY", "FALLBACK", start, Duration.ofMillis(250));
        Item booked = accept(TestTraces.item("t1", start));
        rows.dead("p:t1:bbbbbbbbbbbbbbbb", "LEGACY", start, start);
        var reports = new ItemReports(new ItemRecords(database), inFlight, Map.of(TRACE, traces.audit()));

        ItemReport report = reports.find(TRACE, "p", "t1").orElseThrow();

        assertThat(report.items())
                .extracting(
                        ItemReport.Line::key,
                        ItemReport.Line::source,
                        ItemReport.Line::state,
                        ItemReport.Line::why,
                        ItemReport.Line::latencyMs,
                        ItemReport.Line::deadBecause)
                .containsExactly(
                        tuple(
                                "p:t1:aaaaaaaaaaaaaaaa",
                                "LEDGER",
                                "DONE",
                                "bucket 812 < 1000, epoch 7; runs on LEGACY: FALLBACK",
                                250.0,
                                null),
                        tuple(booked.key().value(), "BOOK", "OPEN", "accepted at epoch 1; not stored yet", null, null),
                        tuple(
                                "p:t1:bbbbbbbbbbbbbbbb",
                                "DEAD_LETTER",
                                "DEAD",
                                "given up: ID is missing",
                                null,
                                "ID is missing"));
        assertThat(reports.find(TRACE, "p", "unheard-of")).isEmpty();
        assertThatThrownBy(() -> reports.find(new Workload("unknown"), "p", "t1"))
                .hasMessageContaining("known: [trace]");
    }

    private DivergenceCheck check(ResultAudit audit) {
        return new DivergenceCheck(
                TRACE,
                audit,
                ledger,
                divergences,
                new SoleRunner(database),
                SETTINGS,
                clock,
                new SimpleMeterRegistry());
    }

    private ComparisonReport report() {
        return report(conservation);
    }

    private ComparisonReport report(Conservation watched) {
        var watches = new Watches(List.of(new Watch(TRACE, check, watched)), SECOND);
        var cohorts = new CohortReads(database, Latencies::pack);
        return new Comparisons(cohorts, new LedgerReports(database), divergences, inFlight, watches)
                .report(TRACE, start.minusSeconds(3_600), start.plusSeconds(60));
    }

    private List<Entry> list() {
        return log.list(null, null, null, null, 0, 1_000);
    }

    private OpenItems openItems() {
        return new OpenItems(
                Set.of(TRACE),
                inFlight,
                TestStandIn.in(database),
                new OpenRows(database),
                new SoleRunner(database),
                new OpenSettings(Duration.ofSeconds(10), SECOND),
                clock);
    }

    private List<String> state(Item item) {
        return sql.sql("select state || '/' || way_in || '/' || executed_route from ledger where item_key = ?")
                .param(item.key().value())
                .query(String.class)
                .list();
    }

    private Item accept(Item item) {
        inFlight.acceptOnLegacy(item, TestTraces.onLegacy(item));
        return item;
    }

    private void removeFromList(Item item) {
        try (RedisClient client = RedisClient.create(redisUrl);
                var connection = client.connect()) {
            List<String> messages = connection.sync().lrange(QUEUE, 0, -1);
            messages.stream()
                    .filter(message -> message.contains(item.key().value()))
                    .forEach(message -> connection.sync().lrem(QUEUE, 1, message));
        }
    }

    private void plant(String fault) {
        assertThat(sql.sql(fault).update()).isPositive();
    }

    /** An audit that breaks on one item. */
    private record PoisonedAudit(ResultAudit sound, ItemKey poison) implements ResultAudit {

        @Override
        public List<Divergence> verify(List<Accepted> done) {
            if (done.stream().anyMatch(item -> item.key().equals(poison))) {
                throw new IllegalStateException("broken");
            }
            return sound.verify(done);
        }

        @Override
        public List<Divergence> unaccounted(Instant from, Instant until) {
            return sound.unaccounted(from, until);
        }

        @Override
        public List<Divergence> verifySummaries(LocalDate day) {
            return sound.verifySummaries(day);
        }

        @Override
        public Set<LocalDate> summaryDays(Collection<ItemKey> done) {
            return sound.summaryDays(done);
        }

        @Override
        public Optional<String> stored(String project, String subject) {
            return sound.stored(project, subject);
        }

        @Override
        public List<Map<String, Object>> summary(String project, LocalDate day) {
            return sound.summary(project, day);
        }
    }
}
