package dev.shunt.store;

import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What people say of divergences, and reconciliations. */
@Configuration(proxyBeanMethods = false)
class GroupsStoreConfiguration {

    @Bean
    DivergenceGroups divergenceGroups(WatchPool pool) {
        return new DivergenceGroups(pool.dataSource());
    }

    @Bean
    IgnoreRules ignoreRules(WatchPool pool) {
        return new IgnoreRules(pool.dataSource());
    }

    @Bean
    ReconcilePool reconcilePool(JdbcConnectionDetails database) {
        return new ReconcilePool(database.getJdbcUrl(), database.getUsername(), database.getPassword());
    }

    @Bean
    LedgerWindow ledgerWindow(ReconcilePool pool) {
        return new LedgerWindow(pool.dataSource());
    }

    @Bean
    ReconciliationRuns reconciliationRuns(WatchPool pool) {
        return new ReconciliationRuns(pool.dataSource());
    }

    @Bean
    SummaryRepairs summaryRepairs(WatchPool pool) {
        return new SummaryRepairs(pool.dataSource());
    }
}
