package dev.shunt.rollout;

import static dev.shunt.routing.TestRouters.TRACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shunt.comparison.GateOutcome;
import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
import dev.shunt.core.Preflight;
import dev.shunt.embedded.TestBackends;
import dev.shunt.rollout.RolloutOutcome.Applied;
import dev.shunt.rollout.RolloutOutcome.Overtaken;
import dev.shunt.rollout.RolloutOutcome.Refused;
import dev.shunt.routing.TestRouters;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class ControllerTest {

    private static final Actor ALICE = Actor.unverified("alice");
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    Path data;

    private final DataSource source = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(source);
    private final TestRouters routers = new TestRouters(TestRouters.database(source), Duration.ofSeconds(3));
    private final StopsInMemory redis = new StopsInMemory();
    private final SettableGates gates = new SettableGates();
    private final List<TestControl> running = new ArrayList<>();

    @AfterEach
    void stop() {
        running.forEach(TestControl::close);
        routers.close();
    }

    @Test
    void a_failing_gate_rolls_back_by_itself_and_the_story_tells_all_of_it() {
        var one = watching("one", false, TestControl::rest);
        start(one);
        assertThat(one.operations().promote(order("all good"))).isInstanceOf(Applied.class);
        gates.say("errors", GateOutcome.FAIL);
        await().atMost(SOON).until(() -> state(one) == RolloutState.ROLLED_BACK);
        Standing standing = one.store().read(TRACE);
        assertThat(standing.percentage()).isEqualTo(Percentage.ZERO);
        assertThat(redis.fence(TRACE)).isEqualTo(standing.epoch());
        List<RolloutStory.Entry> story = one.story().page(TRACE, Optional.empty(), 20);
        assertThat(story)
                .extracting(entry -> entry.what() == null ? "flag" : entry.what())
                .containsExactly("ROLLBACK", "flag", "PROMOTE", "flag", "START", "flag", "flag");
        assertThat(story.getFirst().actor()).isEqualTo("shunt controller");
        assertThat(story.getFirst().reason()).isEqualTo("gate errors FAIL: as told");
        assertThat(gates.recorded(String.valueOf(story.getFirst().verdict()))
                        .epoch()
                        .value())
                .as("made for the version that was in force")
                .isEqualTo(story.get(2).epoch());
        assertThat(one.operations().start(order("again at once")))
                .isInstanceOfSatisfying(
                        Refused.class,
                        cooling -> assertThat(cooling.overridable()).isTrue());
    }

    @Test
    void a_failing_preflight_is_in_the_way_of_a_start_until_somebody_passes_over_it_in_writing() {
        var one = watching("one", false, TestControl::rest);
        one.findBeforeStart(new Preflight.Finding.Refused("start a worker"));
        assertThat(one.operations().start(order("go"))).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.why()).isEqualTo("preflight 'told': start a worker");
            assertThat(refused.overridable()).isTrue();
        });
        assertThat(one.store().read(TRACE).state()).isEqualTo(RolloutState.NOT_STARTED);

        assertThat(one.operations().start(override("the worker comes in a minute")))
                .isInstanceOf(Applied.class);
        assertThat(one.story().page(TRACE, Optional.empty(), 1).getFirst().toString())
                .contains("overridden: preflight 'told': start a worker");
    }

    @Test
    void a_preflight_that_cannot_be_done_is_not_in_the_way() {
        var one = watching("one", false, TestControl::rest);
        one.findBeforeStart(new Preflight.Finding.Unknown("Redis is away"));
        start(one);
    }

    @Test
    void a_slow_gate_holds_and_goes_on_only_when_a_person_accepts_it() {
        var one = watching("one", true, TestControl::rest);
        gates.say("errors", GateOutcome.NO_DATA);
        start(one);
        gates.say("tail", GateOutcome.FAIL);
        await().atMost(SOON).until(() -> state(one) == RolloutState.HELD);
        assertThat(one.operations().resume(order("let us see")))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.why()).contains("gate tail FAIL"));
        assertThat(one.operations().resume(override("slow disks today, known"))).isInstanceOf(Applied.class);
        assertThat(one.operations().promote(order("go on")))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.why()).contains("gate errors NO_DATA: as told"));
        gates.say("errors", GateOutcome.PASS);
        await().atMost(SOON).until(() -> "fifty".equals(one.store().read(TRACE).phase()));
        await().atMost(SOON).until(() -> state(one) == RolloutState.HELD); // accepted for the phase before only
        gates.say("errors", GateOutcome.FAIL);
        await().atMost(SOON).until(() -> state(one) == RolloutState.ROLLED_BACK); // also while a person is asked
    }

    @Test
    void without_data_the_percentage_stays_where_it_is_though_the_bake_is_over_until_there_is_data_again() {
        var one = watching("one", true, TestControl::rest);
        gates.say("errors", GateOutcome.NO_DATA);
        start(one); // its phases do not bake: from here on nothing but the gate is in the way
        Epoch started = one.store().read(TRACE).epoch();
        int asked = gates.asked();
        await().atMost(SOON).until(() -> gates.asked() > asked + 1);

        assertThat(one.operations().promote(order("by hand, then"))).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.why()).contains("gate errors NO_DATA: as told");
            assertThat(refused.overridable()).isTrue();
        });
        Standing held = one.store().read(TRACE);
        assertThat(held.percentage()).isEqualTo(new Percentage(1_000));
        assertThat(held.epoch()).as("nobody touched the flag").isEqualTo(started);
        assertThat(held.state()).isEqualTo(RolloutState.RUNNING);

        gates.say("errors", GateOutcome.PASS);
        await().atMost(SOON).until(() -> "fifty".equals(one.store().read(TRACE).phase()));
    }

    @Test
    void another_instance_rolls_back_when_the_leader_is_killed_with_a_failing_verdict_in_hand() {
        var leader = new Frozen();
        var first = watching("one", false, leader);
        await().atMost(SOON).until(() -> first.controller().leads());
        var second = watching("two", false, TestControl::rest);
        start(first);
        gates.atNextFail(() -> {
            leader.freeze(); // for good: a process that is dead does nothing any more, and its connections are closed
            sql.sql("select pg_terminate_backend(pid) from pg_stat_activity where pid in"
                            + " (select pid from pg_locks where locktype = 'advisory' and database ="
                            + " (select oid from pg_database where datname = current_database()))")
                    .query((row, n) -> n)
                    .list();
        });
        gates.say("errors", GateOutcome.FAIL);
        await().atMost(SOON).until(leader::isFrozen);
        await().atMost(Duration.ofSeconds(5)).until(() -> state(second) == RolloutState.ROLLED_BACK);
        assertThat(second.controller().leads()).isTrue();
    }

    @Test
    void a_frozen_leader_with_a_failing_verdict_in_hand_can_change_nothing_when_it_wakes() {
        var leader = new Frozen();
        var first = watching("one", false, leader);
        await().atMost(SOON).until(() -> first.controller().leads());
        var second = watching("two", false, TestControl::rest);
        start(first);
        gates.atNextFail(leader::freeze);
        gates.say("errors", GateOutcome.FAIL);
        await().atMost(SOON).until(leader::isFrozen);
        assertThat(state(second))
                .as("the verdict is in its hand, not carried out")
                .isEqualTo(RolloutState.RUNNING);
        await().atMost(Duration.ofSeconds(20)).until(() -> state(second) == RolloutState.ROLLED_BACK);
        assertThat(second.controller().leads()).isTrue();
        gates.say("errors", GateOutcome.PASS);
        assertThat(second.operations().start(override("found and fixed it"))).isInstanceOf(Applied.class);
        Standing again = second.store().read(TRACE);
        Epoch fence = redis.fence(TRACE);
        leader.thaw();
        await().atMost(SOON).until(() -> !first.controller().leads());
        assertThat(second.store().read(TRACE).sameAs(again)).isTrue();
        assertThat(redis.fence(TRACE)).isEqualTo(fence);
        assertThat(second.story().page(TRACE, Optional.empty(), 20))
                .extracting(RolloutStory.Entry::what)
                .containsOnlyOnce("ROLLBACK");
    }

    /** The pace of a controller that stops between two steps, as a process does that gets no time. */
    private static final class Frozen implements Controller.Pace {

        private final CountDownLatch standing = new CountDownLatch(1);
        private final CountDownLatch thawed = new CountDownLatch(1);
        private volatile boolean frozen;

        /** Returns once it stands still. */
        void freeze() {
            frozen = true;
            try {
                standing.await();
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        }

        boolean isFrozen() {
            return standing.getCount() == 0;
        }

        void thaw() {
            frozen = false;
            thawed.countDown();
        }

        @Override
        public boolean rest(Duration duration) throws InterruptedException {
            if (frozen) {
                standing.countDown();
                thawed.await();
            }
            return TestControl.rest(duration);
        }
    }

    @Test
    void the_flag_at_0_by_sql_is_a_rollback_of_whoever_did_it() {
        var one = watching("one", false, TestControl::rest);
        start(one);
        sql.sql("update ff4j_features set enable = 0").update();
        await().atMost(SOON).until(() -> state(one) == RolloutState.ROLLED_BACK);
        assertThat(one.story().page(TRACE, Optional.empty(), 1).getFirst().reason())
                .isEqualTo("changed by SQL");
    }

    @Test
    void promotion_waits_for_instances_that_have_not_seen_the_flag() {
        var one = watching("one", false, TestControl::rest);
        start(one);
        sql.sql("insert into flag_acknowledgement values ('behind', 'trace', 1, false, 60000, clock_timestamp())")
                .update();
        assertThat(one.operations().promote(override("they will see it")))
                .isInstanceOfSatisfying(Refused.class, refused -> {
                    assertThat(refused.why()).contains("behind is at epoch 1");
                    assertThat(refused.overridable()).isFalse();
                });
    }

    @Test
    void by_hand_any_percentage_can_follow_any_other() {
        var one = watching("one", false, TestControl::rest);
        for (int points : List.of(10_000, 1_000, 10_000, 0, 5_000, 0)) {
            assertThat(one.operations().percentage(order("incident"), new Percentage(points)))
                    .isInstanceOf(Applied.class);
        }
        start(one);
        assertThat(one.operations().percentage(order("less"), new Percentage(500)))
                .isInstanceOf(Applied.class);
        assertThat(one.operations().percentage(order("more"), new Percentage(1_001)))
                .isInstanceOf(Refused.class);
        assertThat(one.operations().percentage(override("we need more now"), new Percentage(1_001)))
                .isInstanceOf(Applied.class);
        assertThat(one.operations().percentage(order("stop"), Percentage.ZERO)).isInstanceOf(Applied.class);
        assertThat(state(one)).isEqualTo(RolloutState.ROLLED_BACK);
    }

    @Test
    void of_two_orders_for_one_version_one_is_overtaken_and_the_audit_trail_cannot_be_changed() {
        var one = watching("one", false, TestControl::rest);
        start(one);
        Standing seen = one.store().read(TRACE);
        var mine = new RolloutOrder(TRACE, ALICE, "mine", Optional.of(seen.epoch()), false);
        var theirs = new RolloutOrder(TRACE, Actor.unverified("bob"), "theirs", Optional.of(seen.epoch()), false);
        assertThat(one.operations().promote(theirs)).isInstanceOf(Applied.class);
        assertThat(one.operations().promote(mine))
                .isInstanceOfSatisfying(
                        Overtaken.class,
                        late -> assertThat(late.theirs().changedBy()).isEqualTo("bob (unverified)"));
        assertThat(List.of("rollout_event", "flag_history")).allSatisfy(table -> {
            for (String change : List.of("delete from ", "truncate ", "update ")) {
                String statement = change + table + (change.equals("update ") ? " set reason = 'x'" : "");
                assertThatThrownBy(() -> sql.sql(statement).update())
                        .as(statement)
                        .rootCause()
                        .hasMessageContaining(table + " is the audit trail");
            }
        });
    }

    private TestControl watching(String instance, boolean automaticPromotion, Controller.Pace pace) {
        var control = new TestControl(
                        routers,
                        instance,
                        TestRouters.database(source),
                        redis,
                        data.resolve(instance),
                        gates,
                        TestControl.plan(automaticPromotion),
                        pace)
                .watching();
        running.add(control);
        return control;
    }

    private void start(TestControl control) {
        assertThat(control.operations().start(order("a first step"))).isInstanceOf(Applied.class);
    }

    private RolloutState state(TestControl control) {
        return control.store().read(TRACE).state();
    }

    private static RolloutOrder order(String reason) {
        return new RolloutOrder(TRACE, ALICE, reason, Optional.empty(), false);
    }

    private static RolloutOrder override(String reason) {
        return new RolloutOrder(TRACE, ALICE, reason, Optional.empty(), true);
    }
}
