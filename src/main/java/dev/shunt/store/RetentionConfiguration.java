package dev.shunt.store;

import dev.shunt.core.InRoles;
import dev.shunt.core.Role;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Forgets in the background what is older than the retention. */
@InRoles(Role.CONTROLLER)
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RetentionSettings.class)
class RetentionConfiguration {

    @Bean(initMethod = "start", destroyMethod = "stop")
    PeriodicTask ledgerRetention(DataSource database, RetentionSettings settings, Clock clock) {
        var retention = new LedgerRetention(database, settings, clock);
        return new PeriodicTask("shunt-ledger-retention", LedgerRetention.LOOK, retention::forget);
    }

    @Bean(initMethod = "start", destroyMethod = "stop")
    PeriodicTask findingsRetention(WatchPool pool, RetentionSettings settings, Clock clock) {
        var retention = new FindingsRetention(pool.dataSource(), settings, clock);
        return new PeriodicTask("shunt-findings-retention", FindingsRetention.LOOK, retention::forget);
    }
}
