package dev.shunt.store;

import java.time.Clock;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the store knows that matters before a rollout. */
@Configuration(proxyBeanMethods = false)
class StorePreflightConfiguration {

    @Bean
    PostgresClock postgresClock(WatchPool pool, Clock clock) {
        return new PostgresClock(pool.dataSource(), clock);
    }

    @Bean
    SchemaFits schemaFits(ObjectProvider<Flyway> flyway) {
        return new SchemaFits(Optional.ofNullable(flyway.getIfAvailable()));
    }
}
