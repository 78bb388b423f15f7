package dev.shunt.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.Preflight;
import dev.shunt.core.Preflight.Finding;
import dev.shunt.core.Workload;
import dev.shunt.embedded.RedisServerHandle;
import dev.shunt.embedded.TestBackends;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a preflight says of Redis: each line passes, and fails when it must. */
class RedisPreflightTest {

    private static final Workload TRACE = new Workload("trace");

    private final RedisServerHandle server = TestBackends.dedicatedRedis();
    private final RedisConnections redis = new RedisConnections(new RedisSettings(server.url(), Duration.ofSeconds(2)));

    @AfterEach
    void close() {
        redis.destroy();
        server.close();
    }

    @Test
    void a_clock_that_is_seconds_off_fails_and_says_by_how_much() {
        assertThat(clock(Duration.ZERO)).isInstanceOf(Finding.Pass.class);
        assertThat(clock(Duration.ofSeconds(-3)))
                .isInstanceOfSatisfying(
                        Finding.Refused.class,
                        refused -> assertThat(refused.whatToDo())
                                .contains("Redis's clock is ", " ms ahead of this instance's", "the same time server"));
        assertThat(clock(Duration.ofSeconds(3)))
                .isInstanceOfSatisfying(
                        Finding.Refused.class,
                        refused -> assertThat(refused.whatToDo()).contains("ms behind this instance's"));
    }

    @Test
    void a_redis_that_keeps_no_append_only_file_fails() {
        Preflight durability = new RedisDurability(redis);
        assertThat(durability.check(TRACE)).isInstanceOf(Finding.Pass.class);
        redis.step("configuring", commands -> commands.configSet("appendonly", "no"));
        assertThat(durability.check(TRACE))
                .isInstanceOfSatisfying(
                        Finding.Refused.class,
                        refused -> assertThat(refused.whatToDo())
                                .contains("set appendonly yes and appendfsync always (or everysec)"));
    }

    @Test
    void what_a_dead_redis_cannot_say_is_not_known() {
        server.kill9();
        assertThat(clock(Duration.ZERO)).isInstanceOf(Finding.Unknown.class);
        assertThat(new RedisDurability(redis).check(TRACE)).isInstanceOf(Finding.Unknown.class);
    }

    private Finding clock(Duration offset) {
        return new RedisClock(redis, Clock.offset(Clock.systemUTC(), offset)).check(TRACE);
    }
}
