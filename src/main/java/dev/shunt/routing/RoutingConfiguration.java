package dev.shunt.routing;

import dev.shunt.core.Instance;
import dev.shunt.core.WorkloadCatalog;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Wires the router; the flag lives in the application's own Postgres. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RoutingSettings.class)
class RoutingConfiguration {

    @Bean
    FlagDatabase flagDatabase(Environment environment) {
        return new FlagDatabase(
                environment.getRequiredProperty("spring.datasource.url"),
                environment.getProperty("spring.datasource.username"),
                environment.getProperty("spring.datasource.password"));
    }

    @Bean
    Router router(
            WorkloadCatalog catalog,
            FlagDatabase database,
            Instance instance,
            RoutingSettings settings,
            Environment environment,
            Clock clock) {
        boolean useTemporal = environment.getProperty("shunt.use-temporal-workflows", Boolean.class, true);
        return new Router(catalog, database, instance, settings, useTemporal, clock);
    }
}
