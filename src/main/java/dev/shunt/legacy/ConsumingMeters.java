package dev.shunt.legacy;

import dev.shunt.core.RetiredWorkloads;
import dev.shunt.core.WorkloadCatalog;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.Predicate;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Shown by every instance, whatever its roles: that nobody consumes is then a sum of zeros, and no series that is missing. */
@Configuration(proxyBeanMethods = false)
class ConsumingMeters {

    /** Without value for a retired workload, whose list nobody needs to consume. */
    @Bean
    MeterBinder consuming(
            WorkloadCatalog catalog,
            ObjectProvider<RetiredWorkloads> retired,
            ObjectProvider<LegacyConsumers> consumers,
            ObjectProvider<ConsumerSwitch> paused) {
        return meters -> catalog.workloads()
                .forEach(workload -> Gauge.builder(
                                "shunt.legacy.consuming",
                                () -> retired.getIfAvailable(() -> RetiredWorkloads.NONE)
                                                .isRetired(workload)
                                        ? Double.NaN
                                        : consumes(consumers, LegacyConsumers::isRunning)
                                                        && consumes(paused, one -> !one.isPaused(workload))
                                                ? 1
                                                : 0)
                        .description("Whether this instance consumes the list")
                        .tag("workload", workload.name())
                        .register(meters));
    }

    private static <T> boolean consumes(ObjectProvider<T> part, Predicate<T> working) {
        T there = part.getIfAvailable();
        return there != null && working.test(there);
    }
}
