package dev.shunt.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.core.Route;
import dev.shunt.core.RouteGateway.Dispatch;
import dev.shunt.embedded.TestBackends;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A Temporal whose frontend is there before the rest of it. */
class RisingTemporalTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    /** More than polls that are under way may take, and no more than this server may have in flight. */
    private static final int ITEMS = 30;

    private final RisingTemporal server = new RisingTemporal();
    private final TemporalRig rig = new TemporalRig(
            TemporalRig.settings(server.address()).inMemory(), new InMemoryInFlight(), TestBackends.migratedDatabase());

    @AfterEach
    void close() {
        rig.close();
        server.close();
    }

    @Test
    void what_was_paused_before_it_came_stays_paused_and_is_let_in_only_when_all_of_it_is_there() {
        rig.connection.pause(TemporalRig.ECHO);
        server.frontend();
        await().atMost(SOON).until(() -> server.hasRefused() && rig.connection.workersStarted());
        await().during(Duration.ofSeconds(1)).atMost(SOON).until(() -> !rig.connection.connected());

        server.whole();
        rig.connected();
        String run = UUID.randomUUID().toString().substring(0, 8);
        IntStream.range(0, ITEMS)
                .forEach(i -> assertThat(
                                rig.gateway.dispatch(rig.item(run + "-" + i, "hello"), TemporalRig.onTemporal()))
                        .isInstanceOfSatisfying(
                                Dispatch.Accepted.class,
                                accepted -> assertThat(accepted.decision().executed())
                                        .isEqualTo(Route.TEMPORAL)));

        await().during(Duration.ofSeconds(1)).atMost(SOON).until(() -> stored() < ITEMS);
        assertThat(rig.connection.isPaused(TemporalRig.ECHO)).isTrue();
        rig.connection.resume(TemporalRig.ECHO);
        await().atMost(SOON).untilAsserted(() -> assertThat(stored()).isEqualTo(ITEMS));
    }

    private int stored() {
        return rig.table.keys().size();
    }
}
