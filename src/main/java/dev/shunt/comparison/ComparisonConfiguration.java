package dev.shunt.comparison;

import dev.shunt.core.InFlight;
import dev.shunt.core.InRoles;
import dev.shunt.core.Role;
import dev.shunt.core.Roles;
import dev.shunt.core.SettledItems;
import dev.shunt.core.StandIn;
import dev.shunt.core.WorkloadDefinition;
import dev.shunt.store.CohortReads;
import dev.shunt.store.Divergences;
import dev.shunt.store.IgnoreRules;
import dev.shunt.store.ItemRecords;
import dev.shunt.store.LedgerChecks;
import dev.shunt.store.LedgerReports;
import dev.shunt.store.OpenRows;
import dev.shunt.store.PeriodicTask;
import dev.shunt.store.SoleRunner;
import dev.shunt.store.WatchPasses;
import dev.shunt.store.WatchPool;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ComparisonSettings.class, OpenSettings.class})
class ComparisonConfiguration {

    @Bean
    Watches watches(
            ObjectProvider<WorkloadDefinition> workloads,
            LedgerChecks ledger,
            Divergences divergences,
            SoleRunner sole,
            InFlight inFlight,
            SettledItems settled,
            OutsideItems outside,
            ComparisonSettings settings,
            Clock clock,
            MeterRegistry meters,
            WatchPool pool,
            Roles roles) {
        return new Watches(
                workloads.stream()
                        .map(each -> new Watch(
                                each.workload(),
                                new DivergenceCheck(
                                        each.workload(),
                                        each.audit(),
                                        ledger,
                                        divergences,
                                        sole,
                                        settings,
                                        clock,
                                        meters),
                                new Conservation(
                                        each.workload(),
                                        inFlight,
                                        new Whereabouts(each.workload(), inFlight, settled, ledger, outside),
                                        divergences,
                                        settings,
                                        clock,
                                        meters)))
                        .toList(),
                settings.interval(),
                // the console tells what its own instance saw
                roles.hasAny(Set.of(Role.CONTROLLER, Role.CONSOLE)),
                new WatchPasses(pool.dataSource()),
                clock);
    }

    @InRoles(Role.CONTROLLER)
    @Bean(initMethod = "start", destroyMethod = "stop")
    PeriodicTask openItems(
            ObjectProvider<WorkloadDefinition> workloads,
            InFlight inFlight,
            StandIn standIn,
            OpenRows rows,
            SoleRunner sole,
            OpenSettings settings,
            Clock clock) {
        var open = new OpenItems(
                workloads.stream().map(WorkloadDefinition::workload).collect(Collectors.toSet()),
                inFlight,
                standIn,
                rows,
                sole,
                settings,
                clock);
        return new PeriodicTask("shunt-open-items", settings.interval(), open::copy);
    }

    @Bean
    Comparisons comparisons(
            CohortReads cohorts,
            LedgerReports ledger,
            Divergences divergences,
            IgnoreRules rules,
            InFlight inFlight,
            Watches watches,
            PairReports pairs) {
        return new Comparisons(cohorts, ledger, divergences, rules, inFlight, watches, pairs::report);
    }

    @Bean
    DivergenceLog divergenceLog(Divergences divergences) {
        return new DivergenceLog(divergences);
    }

    @Bean
    ItemReports itemReports(ItemRecords records, InFlight inFlight, ObjectProvider<WorkloadDefinition> workloads) {
        return new ItemReports(
                records,
                inFlight,
                workloads.stream().collect(Collectors.toMap(WorkloadDefinition::workload, WorkloadDefinition::audit)));
    }
}
