package dev.shunt.temporal;

import dev.shunt.core.ItemSizes;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the Temporal route knows that matters before a rollout. */
@Configuration(proxyBeanMethods = false)
class TemporalPreflightConfiguration {

    @Bean
    TemporalThere temporalThere(TemporalSettings settings, TemporalConnection connection, RpcDeadline deadline) {
        return new TemporalThere(settings, connection, deadline);
    }

    @Bean
    WorkersPolling workersPolling(
            TemporalSettings settings, TemporalConnection connection, Bindings bindings, RpcDeadline deadline) {
        return new WorkersPolling(settings, connection, bindings, deadline);
    }

    @Bean
    PayloadCensus payloadCensus(TemporalSettings settings, Bindings bindings, ObjectProvider<ItemSizes> sources) {
        return new PayloadCensus(settings, bindings, sources.orderedStream().toList());
    }
}
