package dev.shunt.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.embedded.RedisServerHandle;
import dev.shunt.embedded.TestBackends;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.mock.env.MockEnvironment;

class RedisHealthIndicatorTest {

    private boolean unneeded;
    private final RedisServerHandle server = TestBackends.dedicatedRedis();
    private final RedisConnections redis = new RedisConnections(new RedisSettings(server.url(), Duration.ofSeconds(2)));
    private final RedisHealthIndicator indicator =
            new RedisHealthIndicator(redis, new MockEnvironment(), () -> unneeded);

    @AfterEach
    void close() {
        redis.destroy();
        server.close();
    }

    @Test
    void it_says_what_redis_may_lose_as_it_is_configured_now() {
        configure("appendfsync", "always");
        assertThat(durability()).isEqualTo("always: an acknowledged item is on disk");
        configure("appendfsync", "everysec");
        assertThat(durability()).isEqualTo("everysec: accepts up to 2 s of loss");
        configure("appendfsync", "no");
        assertThat(durability()).isEqualTo("no: accepts the loss of what the system has not written yet");
        configure("appendonly", "no");
        assertThat(durability()).isEqualTo("appendonly no: accepts the loss of everything since the last snapshot");
    }

    @Test
    void a_redis_that_hides_its_configuration_is_up_all_the_same() {
        redis.step(
                "hiding its configuration",
                commands -> commands.aclSetuser("default", AclSetuserArgs.Builder.removeCommand(CommandType.CONFIG)));

        assertThat(durability()).isEqualTo("unknown: this Redis does not show its configuration");
    }

    @Test
    void a_redis_that_is_away_is_down() {
        server.kill9();
        Health health = indicator.health();
        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails().get("why")).asString().contains("Redis did not answer");
    }

    @Test
    void one_that_is_away_after_every_workload_was_released_is_no_fault() {
        unneeded = true;
        server.kill9();
        Health health = indicator.health();
        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails()).containsEntry("needed", false);
    }

    private void configure(String key, String value) {
        redis.step("configuring", commands -> commands.configSet(key, value));
    }

    private String durability() {
        Health health = indicator.health();
        assertThat(health.getStatus()).as(health.toString()).isEqualTo(Status.UP);
        return String.valueOf(health.getDetails().get("durability"));
    }
}
