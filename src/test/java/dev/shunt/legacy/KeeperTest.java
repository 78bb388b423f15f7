package dev.shunt.legacy;

import static dev.shunt.legacy.TinyWorkload.KEYS;
import static dev.shunt.legacy.TinyWorkload.TINY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.Instance;
import dev.shunt.embedded.RedisServerHandle;
import dev.shunt.embedded.TestBackends;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class KeeperTest {

    @Test
    void after_redis_was_away_nothing_is_taken_from_others_for_a_lease() {
        try (RedisServerHandle server = TestBackends.dedicatedRedis();
                var bench = new Bench(server.url())) {
            var nanos = new AtomicLong(Long.MAX_VALUE - 5); // it may overflow; only differences count
            var metrics = new LegacyMetrics(bench.meters, TINY);
            var settings = Bench.settings(1, 64, LegacySettings.Pop.BLMOVE);
            var me = new Instance("me");
            var keeper = new Keeper(
                    KEYS,
                    me,
                    settings,
                    bench.connections,
                    new Reaper(KEYS, me, metrics),
                    metrics,
                    nanos::get,
                    List.of());
            bench.push("a");
            bench.list("other", 0, 1).fetch(1, Duration.ofMillis(50));
            bench.redis().del(KEYS.heartbeat("other"));

            server.stop();
            keeper.tick();
            server.start();
            await().ignoreExceptions()
                    .untilAsserted(() ->
                            assertThat(bench.inFlight.census(TINY).processing()).isEqualTo(1));

            nanos.addAndGet(Bench.LEASE.toNanos() - 1);
            keeper.tick();
            assertThat(bench.inFlight.census(TINY).processing()).isEqualTo(1);

            nanos.incrementAndGet();
            keeper.tick();
            assertThat(bench.inFlight.census(TINY).processing()).isZero();
            assertThat(bench.inFlight.census(TINY).waiting()).isEqualTo(1);
        }
    }

    @Test
    void a_loop_is_alive_for_as_long_as_it_may_stall_whatever_the_wall_clock_says() {
        var nanos = new AtomicLong();
        var pulse = new Pulse(nanos::get);

        nanos.set(Duration.ofSeconds(5).toNanos() - 1);
        assertThat(pulse.alive(Duration.ofSeconds(5))).isTrue();
        nanos.incrementAndGet();
        assertThat(pulse.alive(Duration.ofSeconds(5))).isFalse();

        pulse.backingOff("Redis");
        assertThat(pulse.alive(Duration.ofSeconds(5))).isTrue();
        pulse.beat();
        assertThat(pulse.alive(Duration.ofSeconds(5))).isTrue();
    }
}
