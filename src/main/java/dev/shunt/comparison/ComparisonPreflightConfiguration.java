package dev.shunt.comparison;

import dev.shunt.core.ProbeItems;
import dev.shunt.core.ShadowRoute;
import dev.shunt.core.ShadowWorkload;
import dev.shunt.core.WorkloadDefinition;
import dev.shunt.store.ShadowSchema;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the comparator knows that matters before a rollout. */
@Configuration(proxyBeanMethods = false)
class ComparisonPreflightConfiguration {

    @Bean
    NothingMissing nothingMissing(Comparisons comparisons, Clock clock) {
        return new NothingMissing(comparisons, clock);
    }

    @Bean
    Probes probes(
            ObjectProvider<ProbeItems> items,
            ObjectProvider<WorkloadDefinition> definitions,
            ObjectProvider<ShadowWorkload> workloads,
            ObjectProvider<ShadowRoute> routes,
            ShadowSchema schema,
            Clock clock) {
        return new Probes(
                items.orderedStream().toList(),
                definitions.orderedStream().toList(),
                workloads.orderedStream().toList(),
                routes.orderedStream().toList(),
                schema,
                clock);
    }
}
