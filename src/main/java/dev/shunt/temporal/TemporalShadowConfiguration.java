package dev.shunt.temporal;

import dev.shunt.core.WorkloadCatalog;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Shadow runs on Temporal. */
@Configuration(proxyBeanMethods = false)
class TemporalShadowConfiguration {

    @Bean(destroyMethod = "")
    TemporalShadow temporalShadow(
            TemporalSettings settings, TemporalConnection connection, RpcDeadline deadline, WorkloadCatalog catalog) {
        return new TemporalShadow(settings, connection, deadline, new ShadowSlots(catalog));
    }
}
