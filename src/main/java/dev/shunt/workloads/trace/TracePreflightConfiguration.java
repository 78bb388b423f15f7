package dev.shunt.workloads.trace;

import dev.shunt.store.WatchPool;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the trace workload knows that matters before a rollout. */
@Configuration(proxyBeanMethods = false)
class TracePreflightConfiguration {

    @Bean
    StoredSizes storedSizes(WatchPool pool) {
        return new StoredSizes(pool.dataSource());
    }

    @Bean
    TraceProbe traceProbe() {
        return new TraceProbe();
    }
}
