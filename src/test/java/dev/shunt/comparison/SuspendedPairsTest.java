package dev.shunt.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.core.Bucket;
import dev.shunt.core.Delivery;
import dev.shunt.core.Epoch;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Percentage;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.ShadowWorkload;
import dev.shunt.core.Shadowing.Mode;
import dev.shunt.core.Stamp;
import dev.shunt.core.WayIn;
import dev.shunt.core.Workload;
import dev.shunt.embedded.TestBackends;
import dev.shunt.store.Divergences;
import dev.shunt.store.ShadowSchema;
import dev.shunt.store.TestShadow;
import dev.shunt.workloads.trace.TestTraceShadow;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** What becomes of pairs that were sampled before a rollback: the legacy route needs what they would take. */
class SuspendedPairsTest {

    private static final Workload TRACE = new Workload("trace");
    private static final Workload OTHER = new Workload("score");
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int BATCH = 5;
    private static DataSource database;
    private static ShadowSchema schema;

    private final SampledQueue queue = new SampledQueue(100, 100_000);
    private final Instant at = Instant.now();
    private volatile double busy;
    private volatile long behind;
    private ShadowSwitches switches;
    private PairTally tally;
    private Pressure pressure;
    private ShadowPairs pairs;
    private long shedBefore;

    @BeforeAll
    static void openDatabase() {
        database = TestBackends.migratedDatabase();
        schema = TestShadow.schema(database);
    }

    @AfterAll
    static void closeDatabase() {
        schema.close();
    }

    @BeforeEach
    void begin() {
        shedBefore = shedInAll(at);
        switches = new ShadowSwitches(TestShadow.orders(database), () -> 0); // what was read stays believed
        tally = new PairTally(TestShadow.minutes(database));
        pressure = new Pressure(new Behind(), () -> busy, 10, 0.75);
        pairs = pairs(Map.of());
        switches.order(TRACE, new Percentage(10_000), Mode.OTHER_ROUTE, "ann", "test");
    }

    /** The first workload has as many messages in its list as the test says. */
    private final class Behind extends InMemoryInFlight {
        @Override
        public long backlog(Workload workload) {
            return workload.equals(TRACE) ? behind : 0;
        }
    }

    private ShadowPairs pairs(Map<Workload, ShadowWorkload> workloads) {
        var sampler = new Sampler(switches, queue, tally, SOON, pressure, Clock.systemUTC());
        var settings =
                new ShadowSettings(SOON, 10, 75, 100, DataSize.ofKilobytes(100), 1, BATCH, SOON, Duration.ofSeconds(1));
        // no route carries shadows here: a pair that is begun fails, one that is not wanted any more is shed
        return new ShadowPairs(
                workloads,
                Map.of(),
                switches,
                queue,
                sampler,
                pressure,
                tally,
                schema,
                new Divergences(database),
                settings,
                Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        pairs.stop();
    }

    @Test
    void pairs_that_wait_are_shed_when_a_rollback_has_suspended_them() {
        sample(8 * BATCH);
        switches.suspend(TRACE, "ann", "rollback");

        pairs.start();

        await().atMost(SOON).until(() -> tally.waiting(TRACE) == 0);
        assertThat(shed()).isEqualTo(8 * BATCH);
    }

    @Test
    void a_batch_that_waits_for_calm_is_shed_when_a_rollback_comes() {
        busy = 1;
        pairs.start();
        await().atMost(SOON).until(() -> pressure.isBusy());
        sample(BATCH);
        await().atMost(SOON).until(() -> queue.size() == 0);
        assertThat(tally.waiting(TRACE)).as("taken, and waiting for calm").isEqualTo(BATCH);

        switches.suspend(TRACE, "ann", "rollback");

        await().atMost(SOON).until(() -> tally.waiting(TRACE) == 0);
        assertThat(shed()).isEqualTo(BATCH);
    }

    @Test
    void a_workload_that_is_behind_keeps_its_pairs_waiting_and_not_those_of_another() {
        switches.order(OTHER, new Percentage(10_000), Mode.OTHER_ROUTE, "ann", "test");
        try (var shadow = new TestTraceShadow(database)) {
            pairs = pairs(Map.of(TRACE, shadow.on(Route.LEGACY)));
            busy = 1;
            pairs.start();
            await().atMost(SOON).until(pressure::isBusy);
            sample(TRACE, BATCH);
            await().atMost(SOON).until(() -> queue.size() == 0);
            behind = 100;
            await().atMost(SOON).until(() -> pressure.sheds(TRACE));
            sample(TRACE, BATCH);
            sample(OTHER, BATCH);

            busy = 0;

            await().atMost(SOON).until(() -> tally.waiting(OTHER) == 0);
            assertThat(tally.waiting(TRACE)).isEqualTo(2 * BATCH);
            await().atMost(SOON).until(() -> queue.size() == 2 * BATCH);
            behind = 0;
            await().atMost(SOON).until(() -> tally.waiting(TRACE) == 0);
            pairs.stop();
        }
    }

    private void sample(int items) {
        sample(TRACE, items);
    }

    private void sample(Workload workload, int items) {
        for (int i = 0; i < items; i++) {
            var key = ItemKey.of("p", "t" + i, "0123456789abcdef");
            var decision = RouteDecision.byFlag(new Bucket(0), Percentage.ZERO, new Epoch(1));
            var stamp = new Stamp(key, decision, WayIn.TAP, at, "");
            var item = new SampledItem(Delivery.onLegacy(workload, stamp, new byte[1]), Mode.OTHER_ROUTE, at, null);
            tally.sampled(item);
            assertThat(queue.offer(item)).isTrue();
        }
    }

    private static long shedInAll(Instant at) {
        return PairReport.of(
                        TestShadow.minutes(database).sums(TRACE, at.minusSeconds(600), at.plusSeconds(60)),
                        List.of(),
                        0)
                .shed();
    }

    /** By this test: stopping keeps the last counts. */
    private long shed() {
        pairs.stop();
        return shedInAll(at) - shedBefore;
    }
}
