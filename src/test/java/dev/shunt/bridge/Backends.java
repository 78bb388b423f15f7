package dev.shunt.bridge;

import dev.shunt.embedded.TestBackends;
import org.springframework.test.context.DynamicPropertyRegistry;

/** Points an application under test at the backends of this JVM. Its workers poll a queue of their own there. */
final class Backends {

    private Backends() {}

    static void register(DynamicPropertyRegistry registry, String jdbcUrl, String temporalAddress) {
        String redis = TestBackends.freshRedisUrl();
        String queue = "shunt-trace-" + redis.substring(redis.lastIndexOf('/') + 1);
        registry.add("shunt.workloads.trace.task-queue", () -> queue);
        registry.add("spring.datasource.url", () -> jdbcUrl);
        registry.add("shunt.redis.url", () -> redis);
        registry.add("shunt.temporal.address", () -> temporalAddress);
    }
}
