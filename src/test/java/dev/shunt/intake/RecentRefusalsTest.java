package dev.shunt.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.Bucket;
import dev.shunt.core.Epoch;
import dev.shunt.core.InFlight.Open;
import dev.shunt.core.Item;
import dev.shunt.core.Percentage;
import dev.shunt.core.RetiredWorkloads;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.RouteGateway;
import dev.shunt.core.RouteGateway.Dispatch;
import dev.shunt.core.RouteGateway.Dispatch.Refused.Cause;
import dev.shunt.core.StandIn;
import dev.shunt.core.Trail;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.workloads.trace.TestTraces;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
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

    private static final Dispatch.Refused REFUSED = new Dispatch.Refused("away", Duration.ofSeconds(1));

    private final Item item = TestTraces.item("one", Instant.EPOCH);
    private Dispatch answer = REFUSED;
    private final Intake intake = intake();

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

    @Test
    void one_refusal_between_items_that_are_taken_leaves_the_door_open() {
        answer = REFUSED;
        intake.accept(item);
        assertThat(door.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);

        answer = new Dispatch.Duplicate(Route.TEMPORAL, "its workflow");
        intake.accept(item);
        assertThat(door.health().getStatus()).isEqualTo(Status.UP);
        answer = REFUSED;
        intake.accept(item);
        answer = new Dispatch.Accepted(TestTraces.onLegacy(item), null);
        intake.accept(item);

        assertThat(door.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void a_ceiling_a_large_item_and_a_replay_say_nothing_about_the_door() {
        answer = new Dispatch.Refused("too many", Duration.ofSeconds(1), Cause.LIMIT);
        intake.accept(item);
        answer = REFUSED;
        intake.replay(item);

        assertThat(door.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void a_probe_is_not_told_which_item_was_refused() {
        answer = new Dispatch.Refused("keeping " + item.key() + " failed (53100)", Duration.ofSeconds(1));
        intake.accept(item);

        assertThat(door.health().getDetails().get("why"))
                .isEqualTo("items were refused in the last 5 s: keeping an item failed (53100)");
    }

    /** The one route of a completed rollout. */
    private Intake intake() {
        RouteGateway temporal = (RouteGateway) Proxy.newProxyInstance(
                RouteGateway.class.getClassLoader(),
                new Class<?>[] {RouteGateway.class},
                (self, method, arguments) -> method.getName().equals("route") ? Route.TEMPORAL : answer);
        RouteGateway legacy = (RouteGateway) Proxy.newProxyInstance(
                RouteGateway.class.getClassLoader(),
                new Class<?>[] {RouteGateway.class},
                (self, method, arguments) -> method.getName().equals("route") ? Route.LEGACY : answer);
        RetiredWorkloads retired = new RetiredWorkloads() {
            @Override
            public boolean isRetired(Workload workload) {
                return true;
            }

            @Override
            public boolean isReleased(Workload workload) {
                return false;
            }
        };
        return new Intake(
                (workload, key) -> RouteDecision.byFlag(Bucket.of(workload, key), Percentage.ALL, new Epoch(1)),
                List.of(legacy, temporal),
                new RedisAbsence(new Empty()),
                retired,
                new RoutedCounts(new SimpleMeterRegistry(), new WorkloadCatalog(Map.of())),
                refusals,
                new StaticListableBeanFactory().getBeanProvider(Trail.class));
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
