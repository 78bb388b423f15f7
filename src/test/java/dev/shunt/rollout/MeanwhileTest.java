package dev.shunt.rollout;

import static dev.shunt.routing.TestRouters.TRACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.core.Epoch;
import dev.shunt.core.Instance;
import dev.shunt.core.Percentage;
import dev.shunt.core.Workload;
import dev.shunt.embedded.TestBackends;
import dev.shunt.rollout.RolloutOutcome.Applied;
import dev.shunt.routing.FlagDatabase;
import dev.shunt.routing.TestRouters;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rehearsal undoes nothing but its own rollback. */
class MeanwhileTest {

    private static final RolloutOrder ORDER =
            new RolloutOrder(TRACE, Actor.unverified("alice"), "it hurts", Optional.empty(), false);

    @TempDir
    Path data;

    private final DataSource source = TestBackends.migratedDatabase();
    private final FlagDatabase database = TestRouters.database(source);
    private final TestRouters routers = new TestRouters(database, Duration.ofSeconds(2));
    private final InMemoryInFlight redis = new InMemoryInFlight();
    private TestControl one;
    private TestProofs followed;

    @BeforeEach
    void begin_a_rollout() {
        one = new TestControl(routers, "one", database, redis, data).started();
        followed = new TestProofs(one, "one", redis, InFlightPolicy.FINISH).started();
        assertThat(one.operations().start(ORDER)).isInstanceOf(Applied.class);
    }

    @AfterEach
    void stop() {
        followed.close();
        one.close();
        routers.close();
    }

    @Test
    void undisturbed_it_puts_the_rollout_back_into_its_phase() {
        RolloutRow before = one.store().read(TRACE).row();
        Rehearsal rehearsal = rehearsedAfter(() -> {});
        assertThat(rehearsal.words()).isEqualTo("complete, and back at 10 %");
        Standing after = one.store().read(TRACE);
        assertThat(after.row()).isEqualTo(before);
        assertThat(after.percentage()).isEqualTo(new Percentage(1_000));
    }

    @Test
    void a_rollback_that_was_ordered_just_before_its_own_stands() {
        Rehearsal rehearsal = rehearsedAfter(() -> one.control().rollback(TRACE, ORDER.actor(), "it hurts"));
        assertStaysAtZero(rehearsal);
        assertThat(rehearsal.words())
                .startsWith("complete, but not put back: epoch ")
                .endsWith(" came before it, by alice (unverified): it hurts");
    }

    @Test
    void a_hold_that_was_ordered_just_before_its_rollback_stands() {
        Rehearsal rehearsal =
                rehearsedAfter(() -> assertThat(one.operations().hold(ORDER)).isInstanceOf(Applied.class));
        assertStaysAtZero(rehearsal);
        assertThat(rehearsal.words())
                .isEqualTo("complete, but not put back: the rollout was RUNNING in phase ten and had become HELD in"
                        + " phase ten when it was taken");
    }

    @Test
    void a_promotion_while_the_gates_were_asked_is_neither_rolled_back_nor_put_back() {
        var rehearsals = rehearsals(new RehearsalConfiguration.ByControl(one.control(), one.store()), workload -> {
            assertThat(one.operations().promote(ORDER)).isInstanceOf(Applied.class);
            return Optional.empty();
        });
        assertThat(rehearsals.run(TRACE, ORDER.actor(), "weekly", Optional.empty()))
                .isInstanceOf(Rehearsals.Answer.Refused.class);
        assertThat(one.store().read(TRACE).percentage()).isEqualTo(new Percentage(5_000));
        assertThat(rehearsals.latest(TRACE, 1)).isEmpty();
    }

    private void assertStaysAtZero(Rehearsal rehearsal) {
        assertThat(rehearsal.outcome()).isEqualTo(Rehearsal.Outcome.FAILED);
        Standing standing = one.store().read(TRACE);
        assertThat(standing.percentage()).isEqualTo(Percentage.ZERO);
        assertThat(standing.state()).isEqualTo(RolloutState.ROLLED_BACK);
    }

    /** @param meanwhile comes between the last look of the rehearsal and its rollback */
    private Rehearsal rehearsedAfter(Runnable meanwhile) {
        var rehearsals = rehearsals(
                new Late(new RehearsalConfiguration.ByControl(one.control(), one.store()), meanwhile),
                workload -> Optional.empty());
        assertThat(rehearsals.run(TRACE, ORDER.actor(), "weekly", Optional.empty()))
                .isInstanceOf(Rehearsals.Answer.Done.class);
        return rehearsals.latest(TRACE, 1).getFirst();
    }

    private Rehearsals rehearsals(Rehearsals.Orders orders, Rehearsals.Objection objection) {
        return new Rehearsals(
                new RehearsalStore(source),
                orders,
                followed.proofs(),
                List.of(objection),
                one.router(),
                new Instance("one"),
                Duration.ofSeconds(20));
    }

    /** Orders whose rollback comes after somebody else's order. */
    private record Late(Rehearsals.Orders orders, Runnable before) implements Rehearsals.Orders {

        @Override
        public Rollback rollback(Workload workload, Actor actor, String reason) {
            before.run();
            return orders.rollback(workload, actor, reason);
        }

        @Override
        public Standing standing(Workload workload) {
            return orders.standing(workload);
        }

        @Override
        public Optional<String> nowhereToGo(Workload workload) {
            return orders.nowhereToGo(workload);
        }

        @Override
        public RolloutControl.Change latest(Workload workload) {
            return orders.latest(workload);
        }

        @Override
        public Optional<String> meanwhile(Standing before, Epoch zero) {
            return orders.meanwhile(before, zero);
        }

        @Override
        public Optional<Epoch> restore(Standing before, Actor actor, String reason, Epoch expected) {
            return orders.restore(before, actor, reason, expected);
        }
    }
}
