package dev.shunt.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.InFlight.Open;
import dev.shunt.core.Item;
import dev.shunt.core.RetiredWorkloads;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.StandIn;
import dev.shunt.core.Workload;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/** Backends that answer every question and take nothing. */
class RecentRefusalsTest {

    private Instant now = Instant.EPOCH;
    private final InstantSource time = () -> now;
    private final RecentRefusals refusals = new RecentRefusals(new Clock() {
        @Override
        public Instant instant() {
            return time.instant();
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }
    });

    private final DoorHealthIndicator door =
            new DoorHealthIndicator(List.of(), List.of(), new Empty(), RetiredWorkloads.NONE, refusals);

    @Test
    void a_door_that_refuses_is_out_of_service_until_a_moment_after_the_last_refusal() {
        assertThat(door.health().getStatus()).isEqualTo(Status.UP);

        refusals.refused("no room");
        now = now.plusSeconds(4);
        refusals.refused("no disk");
        now = now.plusSeconds(4);

        Health refusing = door.health();
        assertThat(refusing.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(refusing.getDetails().get("why")).isEqualTo("items were refused in the last 5 s: no disk");
        now = now.plus(Duration.ofSeconds(1));
        assertThat(door.health().getStatus()).isEqualTo(Status.UP);
    }

    /** Answers whoever asks. */
    private static final class Empty implements StandIn {
        @Override
        public boolean keep(Item item, RouteDecision decision) {
            return true;
        }

        @Override
        public int giveBack(Workload workload, int limit, Consumer<Standing> taker) {
            return 0;
        }

        @Override
        public List<Open> open(Workload workload, Instant acceptedBefore) {
            return List.of();
        }

        @Override
        public long size(Workload workload) {
            return 0;
        }
    }
}
