package dev.shunt.workloads.trace;

import dev.shunt.core.WorkloadCatalog;
import java.security.SecureRandom;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The trace workload's wire formats, as configured. */
@Configuration(proxyBeanMethods = false)
class TraceFormats {

    @Bean
    TraceDoorCodec traceDoorCodec(WorkloadCatalog catalog) {
        return new TraceDoorCodec(routingKey(catalog), new SecureRandom());
    }

    @Bean
    TraceMessageCodec traceMessageCodec(WorkloadCatalog catalog) {
        return new TraceMessageCodec(routingKey(catalog));
    }

    private static RoutingKeyChoice routingKey(WorkloadCatalog catalog) {
        return RoutingKeyChoice.of(catalog.of(TraceWorkload.TRACE).routingKey());
    }
}
