package dev.shunt.rollout;

import dev.shunt.comparison.Gates;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.routing.Router;
import dev.shunt.store.PeriodicTask;
import dev.shunt.store.WatchPool;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What rollouts show among the metrics. */
@Configuration(value = "rolloutMetersConfiguration", proxyBeanMethods = false)
class MetersConfiguration {

    private static final Duration EVERY = Duration.ofSeconds(5);

    @Bean(initMethod = "start", destroyMethod = "stop")
    PeriodicTask rolloutMeters(
            WatchPool pool,
            Router router,
            Gates gates,
            Plans plans,
            ObjectProvider<Controller> controller,
            WorkloadCatalog catalog,
            MeterRegistry meters) {
        var store = new RolloutStore(pool.dataSource(), catalog);
        var rollouts = new RolloutMeters(catalog, store::read, router::instances, gates::latest);
        rollouts.register(meters, plans, () -> controller.stream().anyMatch(Controller::leads));
        return new PeriodicTask("shunt-rollout-meters", EVERY, rollouts::look);
    }
}
