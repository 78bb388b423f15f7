package dev.shunt.rollout;

import static dev.shunt.routing.TestRouters.TRACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.Bucket;
import dev.shunt.core.Epoch;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Percentage;
import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.core.Shadowing;
import dev.shunt.core.Shadowing.Mode;
import dev.shunt.embedded.TestBackends;
import dev.shunt.rollout.RolloutOutcome.Applied;
import dev.shunt.rollout.RolloutOutcome.Overtaken;
import dev.shunt.routing.FlagDatabase;
import dev.shunt.routing.InstanceState;
import dev.shunt.routing.TestRouters;
import dev.shunt.store.ShadowOrders;
import dev.shunt.store.TestShadow;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class RolloutControlTest {

    private static final Actor ALICE = Actor.unverified("alice");

    @TempDir
    Path data;

    @TempDir
    Path otherData;

    private final DataSource source = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(source);
    private final FlagDatabase database = TestRouters.database(source);
    private final TestRouters routers = new TestRouters(database, Duration.ofSeconds(2));
    private final StopsInMemory redis = new StopsInMemory();
    private TestControl one;
    private RolloutControl control;

    @BeforeEach
    void start() {
        one = new TestControl(routers, "one", database, redis, data).started();
        control = one.control();
    }

    @AfterEach
    void stop() {
        one.close();
        routers.close();
    }

    @Test
    void a_change_is_in_force_everywhere_when_it_is_answered() {
        var two = routers.started("two");
        assertThat(set(1_000)).isInstanceOfSatisfying(Applied.class, applied -> {
            assertThat(applied.laggards()).isEmpty();
            assertThat(two.snapshot(TRACE).epoch()).isEqualTo(applied.epoch());
        });
        Status status = control.status(TRACE);
        assertThat(status.flag().percentage()).isEqualTo(new Percentage(1_000));
        assertThat(status.flag().changedBy()).isEqualTo("alice (unverified)");
        assertThat(status.flag().verified()).isFalse();
        assertThat(status.flag().reason()).isEqualTo("a test");
        assertThat(status.instances()).extracting(InstanceState::id).containsExactly("one", "two");
        assertThat(status.inFlight()).hasValue(0);
        assertThat(status.orderPending()).isFalse();
        assertThat(status.problems()).isEmpty();
    }

    @Test
    void a_change_of_another_version_than_the_expected_one_is_refused() {
        Epoch read = control.status(TRACE).flag().epoch();
        assertThat(set(1_000)).isInstanceOf(Applied.class);
        var late = new RolloutOrder(TRACE, Actor.unverified("bob"), "late", Optional.of(read), false);
        assertThat(one.operations().percentage(late, new Percentage(2_000)))
                .isInstanceOfSatisfying(Overtaken.class, overtaken -> {
                    assertThat(overtaken.theirs().changedBy()).isEqualTo("alice (unverified)");
                    assertThat(overtaken.theirs().epoch()).isGreaterThan(read.value());
                });
        assertThat(control.status(TRACE).flag().percentage()).isEqualTo(new Percentage(1_000));
    }

    @Test
    void a_rollback_suspends_shadow_pairs_whoever_records_it() throws IOException {
        ShadowOrders shadows = TestShadow.orders(source);
        shadows.order(TRACE, Percentage.ALL, Mode.OTHER_ROUTE, "ann", "a look");
        var kept = RollbackOrder.of(TRACE, ALICE, "killed before Postgres was back", Clock.systemUTC());
        new OrderFolder(otherData.resolve("rollback-orders")).keep(kept);
        assertThat(inForce(shadows).active()).isTrue();

        try (var restarted = new TestControl(routers, "restarted", database, redis, otherData)) {
            restarted.pending().advance();
        }

        assertThat(inForce(shadows).suspended()).isTrue();
        assertThat(inForce(shadows).changedBy()).isEqualTo("alice (unverified)");
        assertThat(inForce(shadows).reason()).isEqualTo("rollback: killed before Postgres was back");

        shadows.order(TRACE, Percentage.ALL, Mode.OTHER_ROUTE, "ann", "anew");
        assertThat(inForce(shadows).active()).isTrue();
        var cutOff = RollbackOrder.of(TRACE, ALICE, "taken by one that is cut off", Clock.systemUTC());
        redis.orderStop(TRACE, cutOff.line());
        one.pending().advance();
        await().untilAsserted(() -> assertThat(inForce(shadows).active()).isFalse());

        shadows.order(TRACE, Percentage.ALL, Mode.OTHER_ROUTE, "ann", "anew again");
        new OrderFolder(otherData.resolve("rollback-orders")).keep(cutOff);
        try (var back = new TestControl(routers, "back", database, redis, otherData)) {
            back.pending().advance();
        }
        assertThat(inForce(shadows).active()).as("it was carried out once").isTrue();
    }

    @Test
    void a_deleted_feature_is_made_anew() {
        sql.sql("delete from ff4j_features").update();
        assertThat(set(500)).isInstanceOf(Applied.class);
        assertThat(one.router().snapshot(TRACE).effective()).isEqualTo(new Percentage(500));
    }

    @Test
    void an_epoch_newer_than_the_fence_is_drawn_even_if_the_database_forgot_it() {
        redis.raiseFence(TRACE, new Epoch(5_000));
        assertThat(set(500))
                .isInstanceOfSatisfying(
                        Applied.class,
                        applied -> assertThat(applied.epoch().value()).isGreaterThan(5_000));
    }

    @Test
    void a_rollback_raises_the_fence_sets_the_flag_and_proves_that_all_obey() {
        var two = routers.started("two");
        set(10_000);
        Epoch before = two.snapshot(TRACE).epoch();
        Rollback rollback = control.rollback(TRACE, ALICE, "it hurts");
        assertThat(rollback.recorded()).isTrue();
        assertThat(rollback.stopped()).isTrue();
        assertThat(rollback.stoppedAt()).isPresent();
        assertThat(rollback.laggards()).isEmpty();
        assertThat(rollback.instances()).hasSize(2);
        assertThat(rollback.complete()).isTrue();
        assertThat(two.snapshot(TRACE).percentage()).isEqualTo(Percentage.ZERO);
        assertThat(two.snapshot(TRACE).enabled()).isTrue();
        assertThat(redis.fence(TRACE))
                .isGreaterThan(before)
                .isEqualTo(rollback.epoch().orElseThrow());
        assertThat(set(1_000)).isInstanceOf(Applied.class);
        assertThat(one.router().decide(TRACE, keyAt(999)).executed()).isEqualTo(Route.TEMPORAL);
        assertThat(one.router().decide(TRACE, keyAt(999)).epoch()).isGreaterThan(redis.fence(TRACE));
    }

    @Test
    void a_rollback_is_not_complete_while_something_is_in_flight() {
        redis.register(new ItemKey("p:t:0123456789abcdef"));
        Rollback rollback = control.rollback(TRACE, ALICE, "it hurts");
        assertThat(rollback.inFlight()).hasValue(1);
        assertThat(rollback.complete()).isFalse();
    }

    @Test
    void an_instance_that_does_not_obey_is_named_with_the_end_of_its_lease() {
        sql.sql("""
                insert into flag_acknowledgement values ('frozen', 'trace', 1, false, 5000, clock_timestamp())
                """).update();
        Rollback rollback = control.rollback(TRACE, ALICE, "it hurts");
        assertThat(rollback.laggards()).extracting(InstanceState::id).containsExactly("frozen");
        assertThat(rollback.leasesEndBy()).isPresent();
        assertThat(rollback.complete()).isFalse();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> control.status(TRACE).instances().stream()
                        .filter(i -> i.id().equals("frozen"))
                        .noneMatch(InstanceState::live));
        assertThat(control.rollback(TRACE, ALICE, "again").complete()).isTrue();
    }

    @Test
    void with_redis_away_the_flag_is_set_and_the_fence_follows() {
        set(10_000);
        redis.goAway();
        Rollback rollback = control.rollback(TRACE, ALICE, "it hurts");
        assertThat(rollback.recorded()).isTrue();
        assertThat(rollback.stopped()).isFalse();
        assertThat(rollback.complete()).isFalse();
        assertThat(rollback.notes()).anyMatch(note -> note.contains("fence is raised when it is back"));
        assertThat(one.router().snapshot(TRACE).percentage()).isEqualTo(Percentage.ZERO);
        redis.comeBack();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(redis.fence(TRACE))
                        .isEqualTo(rollback.epoch().orElseThrow()));
    }

    @Test
    void a_row_locked_by_somebody_else_does_not_stop_a_rollback() throws Exception {
        set(10_000);
        Epoch before = one.router().snapshot(TRACE).epoch();
        Rollback rollback;
        try (var blocker = source.getConnection();
                var statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute("update ff4j_features set description = 'forgotten in psql'");
            rollback = control.rollback(TRACE, ALICE, "it hurts");
            assertThat(rollback.recorded()).isFalse();
            assertThat(rollback.stopped()).isTrue();
            assertThat(one.router().decide(TRACE, "p:1").executed()).isEqualTo(Route.LEGACY);
            assertThat(redis.fence(TRACE))
                    .as("raised before the flag could be written")
                    .isGreaterThan(before);
            blocker.rollback();
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !control.status(TRACE).orderPending());
        assertThat(control.status(TRACE).flag().percentage()).isEqualTo(Percentage.ZERO);
        assertThat(redis.steps()).endsWith("fence", "lift");
    }

    @Test
    void this_instance_obeys_while_the_first_step_of_its_rollback_still_waits() throws Exception {
        set(10_000);
        assertThat(one.router().decide(TRACE, "p:1").executed()).isEqualTo(Route.TEMPORAL);
        try (var blocker = source.getConnection();
                var statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute("alter sequence flag_epoch increment 1"); // no epoch can be drawn, so nothing is written
            var rollback = CompletableFuture.supplyAsync(() -> control.rollback(TRACE, ALICE, "it hurts"));
            await().pollInterval(Duration.ofMillis(10)).until(() -> waitsForAnEpoch() || rollback.isDone());
            var decision = one.router().decide(TRACE, "p:1");
            assertThat(rollback).as("the rollback still waits").isNotDone();
            assertThat(decision.executed()).isEqualTo(Route.LEGACY);
            assertThat(decision.reason()).isEqualTo(Reason.FENCED);
            blocker.rollback();
            assertThat(rollback.get(20, TimeUnit.SECONDS).stopped()).isTrue();
        }
    }

    @Test
    void another_instance_holds_an_order_that_is_not_recorded_yet() throws Exception {
        try (TestControl two = new TestControl(routers, "two", database, redis, otherData).started()) {
            set(10_000);
            assertThat(two.router().decide(TRACE, "p:1").executed()).isEqualTo(Route.TEMPORAL);
            try (var blocker = source.getConnection();
                    var statement = blocker.createStatement()) {
                blocker.setAutoCommit(false);
                statement.execute("update ff4j_features set description = 'forgotten in psql'");
                assertThat(control.rollback(TRACE, ALICE, "it hurts").recorded())
                        .isFalse();
                await().untilAsserted(() ->
                        assertThat(two.router().decide(TRACE, "p:1").reason()).isEqualTo(Reason.FENCED));
                assertThat(two.router().trustsFlag())
                        .as("not because it cannot read the flag")
                        .isTrue();
                blocker.rollback();
            }
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> !two.control().status(TRACE).orderPending());
        }
    }

    @Test
    void history_shows_every_change_newest_first() {
        set(1_000);
        sql.sql("update ff4j_features set enable = 0").update();
        control.rollback(TRACE, ALICE, "it hurts");
        List<RolloutControl.Change> history = control.history(TRACE, 10);
        assertThat(history)
                .extracting(RolloutControl.Change::reason)
                .containsExactly("it hurts", "changed by SQL", "a test", "created with the schema");
        RolloutControl.Change newest = history.getFirst();
        assertThat(newest.changedBy()).isEqualTo("alice (unverified)");
        assertThat(newest.from()).isEqualTo(new RolloutControl.Version(new Percentage(1_000), false));
        assertThat(newest.to()).isEqualTo(new RolloutControl.Version(Percentage.ZERO, false));
        assertThat(history.get(1).verified()).isTrue();
    }

    private boolean waitsForAnEpoch() {
        return sql.sql(
                                "select count(*) from pg_stat_activity"
                                        + " where datname = current_database() and wait_event_type = 'Lock' and query like '%nextval%'")
                        .query(Integer.class)
                        .single()
                > 0;
    }

    private RolloutOutcome set(int basisPoints) {
        return one.operations()
                .percentage(
                        new RolloutOrder(TRACE, ALICE, "a test", Optional.empty(), false), new Percentage(basisPoints));
    }

    private static String keyAt(int below) {
        for (int i = 0; ; i++) {
            if (Bucket.of(TRACE, "p:" + i).value() <= below) {
                return "p:" + i;
            }
        }
    }

    private static Shadowing inForce(ShadowOrders shadows) {
        return shadows.inForce().getOrDefault(TRACE, Shadowing.OFF);
    }
}
