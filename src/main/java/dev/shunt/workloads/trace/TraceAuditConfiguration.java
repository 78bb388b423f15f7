package dev.shunt.workloads.trace;

import dev.shunt.store.WatchPool;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TraceAuditConfiguration {

    @Bean
    TraceAudit traceAudit(WatchPool pool) {
        return new TraceAudit(pool.dataSource());
    }
}
