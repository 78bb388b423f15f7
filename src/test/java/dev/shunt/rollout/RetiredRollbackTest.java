package dev.shunt.rollout;

import static dev.shunt.routing.TestRouters.TRACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.embedded.TestBackends;
import dev.shunt.routing.FlagDatabase;
import dev.shunt.routing.InstanceState;
import dev.shunt.routing.TestRouters;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rollback of a completed rollout, whose items go to Temporal also where the flag cannot be read any more. */
class RetiredRollbackTest {

    private static final Actor ALICE = Actor.unverified("alice");

    @TempDir
    Path data;

    private final DataSource source = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(source);
    private final FlagDatabase database = TestRouters.database(source);
    private final TestRouters routers = new TestRouters(database, Duration.ofSeconds(2));
    private final InMemoryInFlight redis = new InMemoryInFlight();
    private TestControl one;

    @BeforeEach
    void complete() {
        one = new TestControl(routers, "one", database, redis, data).started();
        sql.sql("insert into retirement (workload, feature, epoch) values ('trace', ?, 1)")
                .param(TestRouters.FEATURE)
                .update();
        var all = one.operations()
                .percentage(new RolloutOrder(TRACE, ALICE, "all", Optional.empty(), false), Percentage.ALL);
        assertThat(all).isInstanceOf(RolloutOutcome.Applied.class);
        await().until(() -> one.router().isRetired(TRACE));
    }

    @AfterEach
    void stop() {
        one.close();
        routers.close();
    }

    @Test
    void an_instance_that_cannot_read_the_flag_obeys_the_fence_and_routes_again_when_it_can() {
        var cutOff = new TestControl(routers, "two", database, redis, data);
        cutOff.router().start();
        await().until(() -> cutOff.router().isRetired(TRACE));
        cutOff.router().stop(); // reads the flag no more, and keeps what it knew
        assertThat(cutOff.router().trustsFlag()).isFalse();
        assertThat(cutOff.router().decide(TRACE, "p:1").executed()).isEqualTo(Route.TEMPORAL);

        one.control().rollback(TRACE, ALICE, "it hurts");
        cutOff.pending().advance();

        assertThat(cutOff.router().decide(TRACE, "p:1").executed()).isEqualTo(Route.LEGACY);
        assertThat(cutOff.router().decide(TRACE, "p:1").reason()).isEqualTo(Reason.FENCED);
        cutOff.close();
    }

    @Test
    void one_of_which_nothing_is_heard_is_a_laggard_and_not_somebody_who_obeys() {
        Epoch completed = one.router().snapshot(TRACE).epoch();
        silent("silent", completed, true);
        silent("of-before", completed, false);
        try (var followed = new TestProofs(one, "one", redis, InFlightPolicy.FINISH).started()) {
            Rollback rollback = one.control().rollback(TRACE, ALICE, "it hurts");
            assertThat(rollback.laggards()).extracting(InstanceState::id).containsExactly("silent");
            assertThat(rollback.complete()).isFalse();

            await().untilAsserted(() -> assertThat(followed.proofs()
                            .find(TRACE, rollback.id())
                            .orElseThrow()
                            .words())
                    .isEqualTo("open: waiting for silent"));
            followed.follower().look();
            assertThat(followed.proofs().find(TRACE, rollback.id()).flatMap(RollbackProof::completedAt))
                    .isEmpty();

            sql.sql(
                            "update flag_acknowledgement set seen_at = clock_timestamp() - interval '11 minutes' where instance = 'silent'")
                    .update();
            await().untilAsserted(() -> assertThat(
                            followed.proofs().find(TRACE, rollback.id()).flatMap(RollbackProof::completedAt))
                    .isPresent());
        }
    }

    @Test
    void each_instance_says_whether_a_lease_stops_it() {
        await().untilAsserted(() -> assertThat(one.router().instances(TRACE))
                .singleElement()
                .satisfies(state -> assertThat(state.leaseless()).isTrue()));

        one.control().rollback(TRACE, ALICE, "it hurts");

        await().untilAsserted(() -> assertThat(one.router().instances(TRACE))
                .singleElement()
                .satisfies(state -> assertThat(state.leaseless()).isFalse()));
    }

    private void silent(String instance, Epoch epoch, boolean leaseless) {
        sql.sql("""
                insert into flag_acknowledgement (instance, workload, epoch, held, lease_ms, seen_at, leaseless)
                values (?, 'trace', ?, false, 2000, clock_timestamp() - interval '1 minute', ?)
                """).params(instance, epoch.value(), leaseless).update();
    }
}
