package dev.shunt.store;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import dev.shunt.core.WorkloadCatalog;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the store shows among the metrics. */
@Configuration(value = "storeMetersConfiguration", proxyBeanMethods = false)
class MetersConfiguration {

    private static final Duration EVERY = Duration.ofSeconds(5);

    @Bean
    StoreMeters storeMeters(WatchPool pool, MeterRegistry meters, WorkloadCatalog catalog) {
        return new StoreMeters(pool.dataSource(), meters, catalog.workloads());
    }

    @Bean(initMethod = "start", destroyMethod = "stop")
    PeriodicTask storeMetersTask(StoreMeters meters) {
        return new PeriodicTask("shunt-store-meters", EVERY, meters::look);
    }

    /** The work's own pool is shown by Spring Boot; these are not beans. */
    @Bean
    MeterBinder smallPoolMeters(WatchPool watch, GatePool gates, LockPool locks) {
        return meters -> List.of(watch.dataSource(), gates.dataSource(), locks.dataSource())
                .forEach(pool -> {
                    if (pool instanceof HikariDataSource hikari) {
                        hikari.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(meters));
                    }
                });
    }
}
