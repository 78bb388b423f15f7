package dev.shunt.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.core.Bucket;
import dev.shunt.core.Epoch;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Percentage;
import dev.shunt.core.Reason;
import dev.shunt.core.RetiredWorkloads;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.WayIn;
import dev.shunt.core.Workload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReleasedInFlightTest {

    private static final Workload TRACE = new Workload("trace");
    private static final ItemKey KEY = new ItemKey("p:t:0123456789abcdef");
    private static final RouteDecision ALL = RouteDecision.byFlag(new Bucket(1), Percentage.ALL, new Epoch(7));

    private final InMemoryInFlight redis = new InMemoryInFlight();
    private final AtomicLong nanos = new AtomicLong();
    private boolean released;
    private final ReleasedInFlight inFlight = new ReleasedInFlight(
            redis,
            new RetiredWorkloads() {
                @Override
                public boolean isRetired(Workload workload) {
                    return true;
                }

                @Override
                public boolean isReleased(Workload workload) {
                    return released;
                }
            },
            Set.of(TRACE),
            nanos::get);

    @Test
    void a_retired_workload_that_is_not_released_may_have_items_in_a_redis_that_is_away() {
        redis.away(true);
        assertThatThrownBy(() -> inFlight.settle(TRACE, List.of(KEY))).isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> inFlight.census(TRACE)).isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> inFlight.counts(TRACE)).isInstanceOf(UnavailableException.class);
    }

    @Test
    void of_a_released_one_a_redis_that_is_away_holds_nothing() {
        released = true;
        redis.away(true);
        inFlight.settle(TRACE, List.of(KEY));
        assertThat(inFlight.find(TRACE, KEY)).isEmpty();
        assertThat(inFlight.message(TRACE, KEY)).isEmpty();
        assertThat(inFlight.census(TRACE).book()).isEmpty();
        assertThat(inFlight.counts(TRACE).registered()).isZero();
        assertThat(inFlight.backlog(TRACE)).isZero();
        assertThat(inFlight.registered(TRACE, Instant.MAX, Optional.empty(), 10))
                .isEmpty();
        assertThat(inFlight.handToLegacy(TRACE, KEY, Reason.RECALL)).isFalse();
        assertThat(inFlight.presentOnLegacy(TRACE, Set.of(KEY))).isEmpty();
    }

    @Test
    void nobody_is_told_that_something_was_put_into_it_or_that_a_fence_was_raised() {
        released = true;
        redis.away(true);
        assertThatThrownBy(() -> inFlight.acceptOnLegacy(item(), ALL)).isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> inFlight.register(item(), ALL)).isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> inFlight.raiseFence(TRACE, new Epoch(8))).isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> inFlight.fence(TRACE)).isInstanceOf(UnavailableException.class);
    }

    @Test
    void one_that_is_back_is_asked_again_after_a_moment() {
        inFlight.register(item(), ALL);
        released = true;
        redis.away(true);
        assertThat(inFlight.find(TRACE, KEY)).isEmpty();
        redis.away(false);
        assertThat(inFlight.find(TRACE, KEY)).as("not asked so soon").isEmpty();
        nanos.addAndGet(Duration.ofSeconds(6).toNanos());
        assertThat(inFlight.find(TRACE, KEY)).isPresent();
    }

    private static Item item() {
        byte[] message = "{}".getBytes(StandardCharsets.UTF_8);
        return new Item(TRACE, KEY, "p:t", message, WayIn.HTTP, Instant.EPOCH, "");
    }
}
