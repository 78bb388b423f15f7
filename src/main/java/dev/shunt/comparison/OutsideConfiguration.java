package dev.shunt.comparison;

import dev.shunt.core.DeadLetterArchive;
import dev.shunt.core.ExternalResults;
import dev.shunt.core.ForwardedItems;
import dev.shunt.core.InRoles;
import dev.shunt.core.Role;
import dev.shunt.core.WorkloadDefinition;
import dev.shunt.store.PeriodicTask;
import java.time.Duration;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What is known of workers outside, also where there is none (any more). */
@Configuration(proxyBeanMethods = false)
class OutsideConfiguration {

    @Bean
    OutsideItems outsideItems(ForwardedItems forwarded, ObjectProvider<ExternalResults> results) {
        return new OutsideItems(forwarded, results::orderedStream);
    }

    @Bean
    OutsideStatuses outsideStatuses(
            ObjectProvider<WorkloadDefinition> workloads,
            OutsideItems items,
            Watches watches,
            DeadLetterArchive deadLetters) {
        return new OutsideStatuses(
                workloads.stream().map(WorkloadDefinition::workload).collect(Collectors.toSet()),
                items,
                watches,
                deadLetters);
    }

    @InRoles(Role.CONTROLLER)
    @Bean(initMethod = "start", destroyMethod = "stop")
    PeriodicTask leftOutside(OutsideStatuses statuses) {
        return new PeriodicTask("shunt-left-outside", Duration.ofSeconds(10), statuses::warn);
    }
}
