package dev.shunt.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.core.Item;
import dev.shunt.core.Percentage;
import dev.shunt.core.UnavailableException;
import dev.shunt.embedded.TestBackends;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Sweeps that several instances share, and sweeps while Temporal is away. */
class SharedSweepTest {

    private static final String NOBODY = "127.0.0.1:1";
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final InMemoryInFlight inFlight = new InMemoryInFlight();

    @Test
    void what_is_settled_leaves_the_registry_although_temporal_is_away() {
        try (var rig = rig(TemporalRig.settings(NOBODY).sweeping())) {
            Item done = register(rig, "done");
            Item open = register(rig, "open");
            rig.done.add(done.key());

            await().until(() -> inFlight.find(TemporalRig.ECHO, done.key()).isEmpty());
            assertThat(inFlight.find(TemporalRig.ECHO, open.key())).isPresent();
        }
    }

    @Test
    void what_another_instance_sweeps_is_left_to_it_until_its_turn_is_over() {
        try (var rig = rig(TemporalRig.settings(TestBackends.temporalAddress())).connected()) {
            Item item = register(rig, "off");
            rig.now = TemporalRig.decision(Percentage.ZERO, 8);

            inFlight.takeTurn(TemporalRig.ECHO, "sweep", "another", INTERVAL);
            rig.sweeper.sweepInTurn(TemporalRig.ECHO, INTERVAL, true);
            assertThat(inFlight.waiting(TemporalRig.ECHO)).isEmpty();

            inFlight.takeTurn(TemporalRig.ECHO, "sweep", "another", Duration.ZERO);
            rig.sweeper.sweepInTurn(TemporalRig.ECHO, INTERVAL, true);
            assertThat(inFlight.waiting(TemporalRig.ECHO)).containsExactly(item.key());
        }
    }

    @Test
    void a_turn_that_fails_is_given_back() {
        try (var rig = rig(TemporalRig.settings(NOBODY))) {
            register(rig, "unseen");

            assertThatThrownBy(() -> rig.sweeper.sweepInTurn(TemporalRig.ECHO, INTERVAL, true))
                    .isInstanceOf(UnavailableException.class);

            assertThat(inFlight.takeTurn(TemporalRig.ECHO, "sweep", "another", INTERVAL))
                    .isTrue();
        }
    }

    private TemporalRig rig(TemporalRig.Settings settings) {
        return new TemporalRig(settings, inFlight, TestBackends.migratedDatabase());
    }

    private Item register(TemporalRig rig, String id) {
        Item item = rig.item(id, "hello", Instant.now().minus(Duration.ofHours(1)));
        inFlight.register(item, TemporalRig.onTemporal());
        return item;
    }
}
