package dev.shunt.rollout;

import static dev.shunt.routing.TestRouters.TRACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
import dev.shunt.core.Workload;
import dev.shunt.embedded.TestBackends;
import dev.shunt.rollout.RolloutOutcome.Applied;
import dev.shunt.routing.FlagDatabase;
import dev.shunt.routing.TestRouters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An order is on disk from before its fence until it is recorded. */
class KeptOrderTest {

    private static final Actor ALICE = Actor.unverified("alice");

    @TempDir
    Path data;

    private final FlagDatabase database = TestRouters.database(TestBackends.migratedDatabase());
    private final TestRouters routers = new TestRouters(database, Duration.ofSeconds(2));

    @AfterEach
    void stop() {
        routers.close();
    }

    @Test
    void a_rollback_whose_process_dies_after_its_first_fence_is_recorded_by_the_next_one() {
        var killed = new AtomicBoolean();
        var registry = new InMemoryInFlight() {
            @Override
            public synchronized void raiseFence(Workload workload, Epoch epoch) {
                super.raiseFence(workload, epoch);
                if (killed.get()) {
                    throw new AssertionError("killed, the fence is at " + epoch);
                }
            }
        };
        try (var dying = new TestControl(routers, "one", database, registry, data).started()) {
            assertThat(set(dying, 1_000)).isInstanceOf(Applied.class);
            killed.set(true);
            assertThatThrownBy(() -> dying.control().rollback(TRACE, ALICE, "it hurts"))
                    .isInstanceOf(AssertionError.class);
            assertThat(dying.store().read(TRACE).percentage()).isEqualTo(new Percentage(1_000));
            assertThat(dying.control().status(TRACE).problems())
                    .singleElement()
                    .asString()
                    .startsWith("the fence is at " + registry.fence(TRACE) + ", the flag that is obeyed here at ");
        }
        killed.set(false);

        Path orders = data.resolve("rollback-orders");
        try (var next = new TestControl(routers, "one-again", database, registry, data).started()) {
            await().until(() -> next.store().read(TRACE).percentage().equals(Percentage.ZERO));
            assertThat(next.control().history(TRACE, 1).getFirst().reason()).isEqualTo("it hurts");
            await().untilAsserted(() -> assertThat(orders).isEmptyDirectory());
            await().untilAsserted(() ->
                    assertThat(next.control().status(TRACE).problems()).isEmpty());
            assertThat(next.control().rollback(TRACE, ALICE, "again").recorded())
                    .isTrue();
            assertThat(orders).as("recorded, so not kept").isEmptyDirectory();
        }
    }

    @Test
    void a_rollback_is_taken_though_its_order_cannot_be_kept_on_disk() throws IOException {
        Files.writeString(data.resolve("rollback-orders"), "no folder can be made here");
        try (var one = new TestControl(routers, "one", database, new InMemoryInFlight(), data).started()) {
            assertThat(set(one, 1_000)).isInstanceOf(Applied.class);
            assertThat(one.control().rollback(TRACE, ALICE, "it hurts").recorded())
                    .isTrue();
        }
    }

    private static RolloutOutcome set(TestControl instance, int basisPoints) {
        var order = new RolloutOrder(TRACE, ALICE, "a test", Optional.empty(), false);
        return instance.operations().percentage(order, new Percentage(basisPoints));
    }
}
