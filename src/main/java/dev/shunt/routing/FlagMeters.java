package dev.shunt.routing;

import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The version of the flag that this instance obeys, among the metrics. */
@Configuration(proxyBeanMethods = false)
class FlagMeters {

    @Bean
    MeterBinder flagGauges(Router router, WorkloadCatalog catalog) {
        return meters -> {
            Gauge.builder("shunt.flag.trusted", router, one -> one.trustsFlag() ? 1 : 0)
                    .description("Whether the flag can be read; if not, everything goes to legacy")
                    .register(meters);
            for (Workload workload : catalog.workloads()) {
                Gauge.builder("shunt.flag.percentage", router, one -> percent(one, workload))
                        .description("Share for Temporal that this instance obeys, 0..100")
                        .tag("workload", workload.name())
                        .register(meters);
                Gauge.builder("shunt.flag.epoch", router, one -> epoch(one, workload))
                        .description("Version of the flag that this instance obeys")
                        .tag("workload", workload.name())
                        .register(meters);
            }
        };
    }

    private static double percent(Router router, Workload workload) {
        return router.snapshot(workload).effective().basisPoints() / 100.0;
    }

    private static double epoch(Router router, Workload workload) {
        return router.snapshot(workload).epoch().value();
    }
}
