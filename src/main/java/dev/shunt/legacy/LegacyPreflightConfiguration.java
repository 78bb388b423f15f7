package dev.shunt.legacy;

import dev.shunt.core.WorkloadCatalog;
import dev.shunt.core.WorkloadDefinition;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the legacy route knows that matters before a rollout. */
@Configuration(proxyBeanMethods = false)
class LegacyPreflightConfiguration {

    @Bean
    RedisClock redisClock(RedisConnections connections, Clock clock) {
        return new RedisClock(connections, clock);
    }

    @Bean
    RedisDurability redisDurability(RedisConnections connections) {
        return new RedisDurability(connections);
    }

    @Bean
    QueuedSizes queuedSizes(
            RedisConnections connections,
            WorkloadCatalog catalog,
            ObjectProvider<WorkloadDefinition> definitions,
            Clock clock) {
        return new QueuedSizes(
                connections,
                catalog,
                workload -> definitions.stream()
                        .filter(definition -> definition.workload().equals(workload))
                        .findFirst()
                        .orElseThrow()
                        .messages(),
                clock);
    }
}
