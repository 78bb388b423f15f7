package dev.shunt.store;

import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Shows that nothing was refused yet. */
@Configuration(proxyBeanMethods = false)
class RefusalsConfiguration {

    @Bean
    MeterBinder postgresRefusals() {
        return meters -> PostgresRefusals.expect();
    }
}
