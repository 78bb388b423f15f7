package dev.shunt.rollout;

import dev.shunt.core.InFlight;
import dev.shunt.core.Instance;
import dev.shunt.core.Preflight;
import dev.shunt.core.Recall;
import dev.shunt.core.RouteGateway;
import dev.shunt.core.SettledItems;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.routing.Router;
import dev.shunt.store.WatchPool;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what follows rollbacks to their end. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({InFlightSettings.class, RolloutSettings.class})
class ProofConfiguration {

    @Bean
    InFlightPolicies inFlightPolicies(InFlightSettings settings, RolloutSettings rollout) {
        return new InFlightPolicies(settings, rollout);
    }

    @Bean
    RecalledCounts recalledCounts() {
        return new RecalledCounts();
    }

    @Bean
    ProofStore proofStore(WatchPool pool) {
        return new ProofStore(pool.dataSource());
    }

    @Bean
    Flights flights(InFlight inFlight, SettledItems settled, ObjectProvider<RouteGateway> gateways) {
        return new Flights(inFlight, settled, gateways.orderedStream().toList());
    }

    @Bean
    InFlightOrders inFlightOrders(
            Recall recall,
            InFlight inFlight,
            PendingRollbacks pending,
            ProofStore store,
            RecalledCounts counts,
            InFlightPolicies policies,
            Instance instance,
            Clock clock) {
        return new InFlightOrders(recall, inFlight, pending, store, counts, policies::of, instance, clock);
    }

    @Bean
    ProofFollower proofFollower(
            ProofStore store,
            Fences fences,
            InFlight inFlight,
            Flights flights,
            InFlightOrders orders,
            Router router,
            WorkloadCatalog catalog,
            Instance instance,
            MeterRegistry meters) {
        return new ProofFollower(store, fences, inFlight, flights, orders, router, catalog, instance, meters);
    }

    @Bean
    ProofThread proofThread(ProofFollower follower, Builds builds) {
        return new ProofThread(follower, builds::note);
    }

    @Bean
    RollbackProofs rollbackProofs(
            ProofStore store,
            PendingRollbacks pending,
            Fences fences,
            Flights flights,
            InFlightOrders orders,
            Router router,
            WorkloadCatalog catalog) {
        return new RollbackProofs(store, pending, fences, flights, orders, router, catalog);
    }

    @Bean
    Builds builds(WatchPool pool, Instance instance) {
        return new Builds(pool.dataSource(), instance);
    }

    @Bean
    InstancesAgree instancesAgree(Router router, Builds builds) {
        return new InstancesAgree(router, builds);
    }

    @Bean
    Preflights preflights(ObjectProvider<Preflight> checks) {
        return new Preflights(checks.orderedStream().toList());
    }
}
