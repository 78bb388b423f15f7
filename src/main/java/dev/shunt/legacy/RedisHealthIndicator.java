package dev.shunt.legacy;

import dev.shunt.core.UnavailableException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.core.env.Environment;

/** Whether Redis answers, what it is, and what it may lose in a crash of its own. */
final class RedisHealthIndicator implements HealthIndicator {

    private final RedisConnections connections;
    private final Environment environment;
    private final BooleanSupplier unneeded;

    /** @param unneeded whether no workload has anything in Redis any more */
    RedisHealthIndicator(RedisConnections connections, Environment environment, BooleanSupplier unneeded) {
        this.connections = connections;
        this.environment = environment;
        this.unneeded = unneeded;
    }

    @Override
    public Health health() {
        String mode = environment.getProperty("shunt.backends.redis", "external");
        try {
            return connections.step(
                    "asking how Redis keeps its data",
                    redis -> Health.up()
                            .withDetail("mode", mode)
                            .withDetail("durability", shown(redis))
                            .build());
        } catch (UnavailableException away) {
            return (unneeded.getAsBoolean() ? Health.up().withDetail("needed", false) : Health.down())
                    .withDetail("mode", mode)
                    .withDetail("why", String.valueOf(away.getMessage()))
                    .build();
        }
    }

    /** Services that run Redis for others often refuse to show how: that says nothing against it. */
    static String shown(RedisCommands<String, byte[]> redis) {
        try {
            return durability(redis);
        } catch (RedisCommandExecutionException refused) {
            return "unknown: this Redis does not show its configuration";
        }
    }

    private static String durability(RedisCommands<String, byte[]> redis) {
        Map<String, String> persistence = redis.info("persistence")
                .lines()
                .filter(line -> line.contains(":"))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf(':')),
                        line -> line.substring(line.indexOf(':') + 1).strip(),
                        (first, second) -> first));
        if (!"1".equals(persistence.get("aof_enabled"))) {
            return "appendonly no: accepts the loss of everything since the last snapshot";
        }
        Map<String, String> config = redis.configGet("appendfsync");
        String fsync = config.getOrDefault("appendfsync", "unknown");
        return switch (fsync) {
            case "always" -> "always: an acknowledged item is on disk";
            case "everysec" -> "everysec: accepts up to 2 s of loss";
            default -> fsync + ": accepts the loss of what the system has not written yet";
        };
    }
}
