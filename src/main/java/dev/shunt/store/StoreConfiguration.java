package dev.shunt.store;

import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The store's lanes. Schema migrations run before anything that uses a data source (Spring Boot's Flyway). */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StoreSettings.class)
class StoreConfiguration {

    @Bean
    Lanes lanes(JdbcConnectionDetails details, StoreSettings settings, MeterRegistry meters) {
        var database =
                new Database(details.getJdbcUrl(), orEmpty(details.getUsername()), orEmpty(details.getPassword()));
        return new Lanes(database, settings, meters);
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }
}
