package dev.shunt.comparison;

import dev.shunt.core.FullAudit;
import dev.shunt.core.InFlight;
import dev.shunt.core.Instance;
import dev.shunt.core.SettledItems;
import dev.shunt.core.WorkloadDefinition;
import dev.shunt.store.DivergenceGroups;
import dev.shunt.store.Divergences;
import dev.shunt.store.IgnoreRules;
import dev.shunt.store.LedgerChecks;
import dev.shunt.store.LedgerWindow;
import dev.shunt.store.ReconciliationRuns;
import dev.shunt.store.SummaryRepairs;
import java.time.Clock;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Groups of divergences, the rules that hide some, and reconciliations. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GroupSettings.class)
class GroupsConfiguration {

    @Bean
    GroupReports groupReports(
            DivergenceGroups groups,
            LedgerChecks ledger,
            ObjectProvider<ComparedItems> others,
            GroupSettings settings) {
        return new GroupReports(groups, ledger, others.stream().toList(), settings.examples());
    }

    @Bean
    IgnoreRuleBook ignoreRuleBook(IgnoreRules rules, Clock clock) {
        return new IgnoreRuleBook(rules, clock);
    }

    @Bean
    Reconciliations reconciliations(
            ObjectProvider<WorkloadDefinition> workloads,
            ObjectProvider<FullAudit> audits,
            LedgerWindow window,
            LedgerChecks ledger,
            InFlight inFlight,
            SettledItems settled,
            OutsideItems outside,
            Divergences divergences,
            ReconciliationRuns runs,
            SummaryRepairs repairs,
            Instance instance,
            ComparisonSettings comparison,
            GroupSettings settings,
            Clock clock) {
        var sources = workloads.stream().collect(Collectors.toMap(WorkloadDefinition::workload, definition -> {
            Optional<FullAudit> full = audits.stream()
                    .filter(audit -> audit.workload().equals(definition.workload()))
                    .findFirst();
            return new ReconciliationRun.Sources(
                    window,
                    full.map(FullAudit::audit).orElseGet(definition::audit),
                    full,
                    new Whereabouts(definition.workload(), inFlight, settled, ledger, outside),
                    divergences,
                    repairs);
        }));
        return new Reconciliations(
                sources, runs, repairs, instance.id(), settings.reconcileEvery(), comparison.missingAfter(), clock);
    }
}
