package dev.shunt.workloads.trace;

import dev.shunt.store.LedgerReach;
import dev.shunt.store.ReconcilePool;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What traces bring to reconciliations. */
@Configuration(proxyBeanMethods = false)
class TraceReconciliationConfiguration {

    @Bean
    TraceFullAudit traceFullAudit(ReconcilePool pool, ObjectProvider<OutsideAudit> outside, LedgerReach reach) {
        return new TraceFullAudit(pool.dataSource(), outside.getIfAvailable(() -> OutsideAudit.NONE), reach);
    }
}
