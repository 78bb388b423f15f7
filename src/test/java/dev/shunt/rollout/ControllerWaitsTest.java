package dev.shunt.rollout;

import static dev.shunt.routing.TestRouters.TRACE;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.comparison.GateOutcome;
import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
import dev.shunt.core.Preflight.Finding;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.core.WorkloadSettings;
import dev.shunt.embedded.TestBackends;
import dev.shunt.rollout.RolloutOutcome.Applied;
import dev.shunt.routing.FlagDatabase;
import dev.shunt.routing.TestRouters;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the controller waits for: longer than its session may be idle, and the lock is still its own. */
class ControllerWaitsTest {

    private static final Workload SCORE = new Workload("score");
    private static final WorkloadCatalog BOTH = new WorkloadCatalog(Map.of(
            TRACE,
            TestRouters.CATALOG.of(TRACE),
            SCORE,
            new WorkloadSettings("scores", "dead-scores", "score-to-temporal", "trace", "shunt-score")));
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int LONGER_THAN_THE_SESSION = Controller.IDLE_MS / 1_000 + 1;

    @TempDir
    Path data;

    private final FlagDatabase database = TestRouters.database(TestBackends.migratedDatabase());
    private final TestRouters routers = new TestRouters(database, Duration.ofSeconds(3), BOTH);
    private final HangingRedis redis = new HangingRedis();
    private final SettableGates gates = new SettableGates();
    private @Nullable TestControl one;

    @AfterEach
    void stop() {
        redis.answers();
        if (one != null) {
            one.close();
        }
        routers.close();
    }

    @Test
    void a_promotion_whose_preflight_takes_long_is_made_and_keeps_no_other_workload_from_its_rollback() {
        TestControl control = watching(true);
        var asked = new CountDownLatch(1);
        var scoreIsBack = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        gates.say(TRACE, "errors", GateOutcome.NO_DATA);
        gates.say(SCORE, "errors", GateOutcome.NO_DATA);
        start(TRACE);
        start(SCORE);
        control.findBeforeEachRaise(workload -> {
            asked.countDown();
            return waits(never, LONGER_THAN_THE_SESSION) || !waits(scoreIsBack, 20)
                    ? new Finding.Unknown("not found out")
                    : new Finding.Pass("seen");
        });

        gates.say(TRACE, "errors", GateOutcome.PASS);
        await().atMost(SOON).until(() -> asked.getCount() == 0);
        gates.say(SCORE, "errors", GateOutcome.FAIL);
        await().atMost(SOON).until(() -> control.store().read(SCORE).state() == RolloutState.ROLLED_BACK);
        scoreIsBack.countDown();

        await().atMost(SOON)
                .until(() -> "fifty".equals(control.store().read(TRACE).phase()));
        assertThat(control.store().read(TRACE).percentage()).isEqualTo(new Percentage(5_000));
    }

    @Test
    @Tag("slow")
    void a_redis_that_takes_longer_than_the_session_does_not_keep_it_from_rolling_back() {
        TestControl control = watching(false);
        start(TRACE);
        redis.hangs();
        gates.say("errors", GateOutcome.FAIL);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> control.store().read(TRACE).state() == RolloutState.ROLLED_BACK);
        assertThat(control.store().read(TRACE).percentage()).isEqualTo(Percentage.ZERO);
        redis.answers();
        await().atMost(SOON)
                .until(() ->
                        redis.fence(TRACE).equals(control.store().read(TRACE).epoch()));
    }

    private TestControl watching(boolean automaticPromotion) {
        TestControl control = new TestControl(
                        routers,
                        "one",
                        database,
                        redis,
                        data,
                        gates,
                        TestControl.plan(automaticPromotion),
                        TestControl::rest)
                .watching();
        one = control;
        return control;
    }

    private void start(Workload workload) {
        var order = new RolloutOrder(workload, Actor.unverified("alice"), "monday", Optional.empty(), false);
        assertThat(java.util.Objects.requireNonNull(one).operations().start(order))
                .isInstanceOf(Applied.class);
    }

    private static boolean waits(CountDownLatch latch, int seconds) {
        try {
            return latch.await(seconds, SECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A Redis that takes 30 s, as long as its settings allow, before it is away. */
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // one that hangs must not keep the others from hanging too
    private static final class HangingRedis extends InMemoryInFlight {

        private volatile CountDownLatch answering = new CountDownLatch(0);

        void hangs() {
            answering = new CountDownLatch(1);
        }

        void answers() {
            answering.countDown();
        }

        @Override
        public void raiseFence(Workload workload, Epoch epoch) {
            answer();
            super.raiseFence(workload, epoch);
        }

        @Override
        public Epoch fence(Workload workload) {
            answer();
            return super.fence(workload);
        }

        private void answer() {
            if (!waits(answering, 30)) {
                throw new UnavailableException("Redis does not answer", Duration.ofSeconds(1), null);
            }
        }
    }
}
