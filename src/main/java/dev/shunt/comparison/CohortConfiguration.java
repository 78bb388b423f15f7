package dev.shunt.comparison;

import dev.shunt.core.InRoles;
import dev.shunt.core.Role;
import dev.shunt.core.WorkloadDefinition;
import dev.shunt.store.CohortReads;
import dev.shunt.store.CohortSums;
import dev.shunt.store.PeriodicTask;
import dev.shunt.store.WatchPool;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CohortSettings.class)
class CohortConfiguration {

    @Bean
    CohortSums cohortSums(WatchPool pool) {
        return new CohortSums(pool.dataSource(), Latencies.PACKING);
    }

    @Bean
    CohortReads cohortReads(WatchPool pool) {
        return new CohortReads(pool.dataSource(), Latencies.PACKING);
    }

    @InRoles(Role.CONTROLLER)
    @Bean(initMethod = "start", destroyMethod = "stop")
    PeriodicTask cohortRollUp(ObjectProvider<WorkloadDefinition> workloads, CohortSums sums, CohortSettings settings) {
        var rollUp = new CohortRollUp(
                workloads.stream().map(WorkloadDefinition::workload).collect(Collectors.toSet()), sums);
        return new PeriodicTask("shunt-cohorts", settings.interval(), rollUp::update);
    }
}
