package dev.shunt.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.comparison.DivergenceLog.Entry;
import dev.shunt.core.InFlight;
import dev.shunt.core.Item;
import dev.shunt.core.ResultAudit;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.core.WorkloadSettings;
import dev.shunt.embedded.TestBackends;
import dev.shunt.legacy.TestInFlight;
import dev.shunt.store.CohortReads;
import dev.shunt.store.DivergenceGroups;
import dev.shunt.store.Divergences;
import dev.shunt.store.IgnoreRules;
import dev.shunt.store.LedgerChecks;
import dev.shunt.store.LedgerReports;
import dev.shunt.store.OpenRows;
import dev.shunt.store.SoleRunner;
import dev.shunt.store.TestSettled;
import dev.shunt.store.TestStandIn;
import dev.shunt.store.WatchPasses;
import dev.shunt.workloads.trace.TestTraces;
import io.lettuce.core.RedisClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The comparator on real backends, with a clock that a test moves. */
final class ComparisonRig implements AutoCloseable {

    static final Workload TRACE = TestTraces.TRACE;
    static final Duration SECOND = Duration.ofSeconds(1);
    static final ComparisonSettings SETTINGS = new ComparisonSettings(
            SECOND, Duration.ZERO, 3, 100, Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(1));
    private static final String QUEUE = "cognobserve:traces";
    static final WorkloadCatalog CATALOG = new WorkloadCatalog(
            Map.of(TRACE, new WorkloadSettings(QUEUE, "cognobserve:dlq", "trace-to-temporal", "trace", "shunt-trace")));

    final Instant start = Instant.now();
    final MovableClock clock = new MovableClock(start.plusSeconds(40));
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final DataSource database = TestBackends.migratedDatabase();
    final JdbcClient sql = JdbcClient.create(database);
    final TestLedger rows = new TestLedger(sql);
    final String redisUrl = TestBackends.freshRedisUrl();
    private final TestInFlight redis = new TestInFlight(redisUrl, CATALOG, TestTraces.codec(), clock);
    final InFlight inFlight = redis.inFlight();
    final TestTraces traces = new TestTraces(database);
    final LedgerChecks ledger = new LedgerChecks(database);
    final Divergences divergences = new Divergences(database);
    final WatchPasses passes = new WatchPasses(database);
    final IgnoreRules rules = new IgnoreRules(database);
    final GroupReports groups = new GroupReports(new DivergenceGroups(database), ledger, List.of(), 3);
    final DivergenceLog log = new DivergenceLog(divergences);
    final DivergenceCheck check = check(traces.audit());
    final Conservation conservation =
            new Conservation(TRACE, inFlight, TestSettled.in(database), ledger, divergences, SETTINGS, clock, meters);

    DivergenceCheck check(ResultAudit audit) {
        return check(TRACE, audit);
    }

    DivergenceCheck check(Workload workload, ResultAudit audit) {
        return new DivergenceCheck(
                workload,
                audit,
                ledger,
                divergences,
                new SoleRunner(database),
                SETTINGS,
                clock,
                new SimpleMeterRegistry());
    }

    ComparisonReport report() {
        return report(conservation);
    }

    ComparisonReport report(Conservation watched) {
        return comparisons(watched).report(TRACE, start.minusSeconds(3_600), start.plusSeconds(60));
    }

    Watches watches(Conservation watched) {
        return new Watches(List.of(new Watch(TRACE, check, watched)), SECOND, false, passes, clock);
    }

    Comparisons comparisons(Conservation watched) {
        Watches watches = watches(watched);
        var cohorts = new CohortReads(database, Latencies.PACKING);
        return new Comparisons(
                cohorts,
                new LedgerReports(database),
                divergences,
                rules,
                inFlight,
                watches,
                (workload, from, until) -> PairReport.of(List.of(), List.of(), 0));
    }

    /** All divergences that no rule hides. */
    List<Entry> list() {
        return log.list(query(DivergenceLog.Hidden.LEFT_OUT));
    }

    static DivergenceLog.Query query(DivergenceLog.Hidden hidden) {
        return new DivergenceLog.Query(null, null, null, null, null, null, null, null, hidden, 0, 1_000);
    }

    List<GroupReports.Group> groups() {
        return groups.groups(TRACE, start.minusSeconds(3_600), start.plusSeconds(3_600), false, null, null);
    }

    OpenItems openItems() {
        return new OpenItems(
                Set.of(TRACE),
                inFlight,
                TestStandIn.in(database),
                new OpenRows(database),
                new SoleRunner(database),
                new OpenSettings(Duration.ofSeconds(10), SECOND),
                clock);
    }

    List<String> state(Item item) {
        return sql.sql("select state || '/' || way_in || '/' || executed_route from ledger where item_key = ?")
                .param(item.key().value())
                .query(String.class)
                .list();
    }

    Item accept(Item item) {
        inFlight.acceptOnLegacy(item, TestTraces.onLegacy(item));
        return item;
    }

    void removeFromList(Item item) {
        try (RedisClient client = RedisClient.create(redisUrl);
                var connection = client.connect()) {
            List<String> messages = connection.sync().lrange(QUEUE, 0, -1);
            messages.stream()
                    .filter(message -> message.contains(item.key().value()))
                    .forEach(message -> connection.sync().lrem(QUEUE, 1, message));
        }
    }

    void intoBook(String field, String value) {
        try (RedisClient client = RedisClient.create(redisUrl);
                var connection = client.connect()) {
            connection.sync().hset("shunt:trace:book", field, value);
        }
    }

    void plant(String fault) {
        assertThat(sql.sql(fault).update()).isPositive();
    }

    @Override
    public void close() {
        traces.close();
        redis.close();
    }
}
