package dev.shunt.comparison;

import dev.shunt.store.DivergenceGroups;
import dev.shunt.store.IgnoreRules;
import dev.shunt.store.LedgerChecks;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Groups of divergences, and the rules that hide some. */
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
}
