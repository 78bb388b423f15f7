package dev.shunt.store;

import dev.shunt.core.CommitListener;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The store's lanes. Schema migrations run before anything that uses a data source (Spring Boot's Flyway). */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({StoreSettings.class, RetentionSettings.class})
class StoreConfiguration {

    @Bean
    Lanes lanes(
            JdbcConnectionDetails details,
            StoreSettings settings,
            MeterRegistry meters,
            ObjectProvider<CommitListener> listeners) {
        var database =
                new Database(details.getJdbcUrl(), orEmpty(details.getUsername()), orEmpty(details.getPassword()));
        return new Lanes(database, settings, meters, listeners.stream().toList());
    }

    @Bean
    LedgerReach ledgerReach(RetentionSettings settings, Clock clock) {
        return LedgerReach.of(settings.retention(), clock);
    }

    /** On a connection of their own: a long migration must not end by the pool's socket timeout. */
    @Bean
    FlywayConfigurationCustomizer migrationsApartFromThePool(JdbcConnectionDetails details) {
        return flyway -> flyway.dataSource(details.getJdbcUrl(), details.getUsername(), details.getPassword());
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }
}
