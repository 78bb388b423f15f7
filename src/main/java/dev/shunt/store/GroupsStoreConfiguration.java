package dev.shunt.store;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What people say of divergences. */
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
}
