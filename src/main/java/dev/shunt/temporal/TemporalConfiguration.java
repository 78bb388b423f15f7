package dev.shunt.temporal;

import dev.shunt.core.ClaimedBodies;
import dev.shunt.core.InFlight;
import dev.shunt.core.InRoles;
import dev.shunt.core.Instance;
import dev.shunt.core.Role;
import dev.shunt.core.Roles;
import dev.shunt.core.RouteDecider;
import dev.shunt.core.SettledItems;
import dev.shunt.core.Trail;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.core.WorkloadDefinition;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Puts the Temporal route together. Plain SDK: the order of start and stop is the point of it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({TemporalSettings.class, CodecSettings.class})
class TemporalConfiguration {

    @Bean(destroyMethod = "")
    RpcDeadline temporalDeadline() {
        return new RpcDeadline();
    }

    @Bean
    Bindings temporalBindings(List<WorkloadDefinition> definitions, WorkloadCatalog catalog) {
        return new Bindings(definitions, catalog);
    }

    @Bean
    Ceilings temporalCeilings(TemporalSettings settings, Clock clock) {
        return new Ceilings(settings, clock);
    }

    @Bean
    TemporalHealthIndicator temporalHealthIndicator(TemporalMonitor monitor, Environment environment) {
        return new TemporalHealthIndicator(monitor, environment);
    }

    @Bean
    RouteMetrics temporalMetrics(MeterRegistry meters, Bindings bindings) {
        var metrics = new RouteMetrics(meters);
        bindings.all().forEach(bound -> metrics.expect(bound.definition().workload()));
        return metrics;
    }

    @Bean
    CircuitBreaker temporalBreaker(MeterRegistry meters) {
        return StartBreaker.create(meters);
    }

    @Bean(destroyMethod = "")
    TemporalConnection temporalConnection(
            TemporalSettings settings,
            TemporalTransport transport,
            Instance instance,
            Bindings bindings,
            Ceilings ceilings,
            RpcDeadline deadline,
            CodecSettings codecs,
            MeterRegistry meters,
            Roles roles,
            ObjectProvider<Trail> trail) {
        return new TemporalConnection(
                settings,
                transport,
                instance,
                bindings,
                ceilings,
                deadline,
                Codecs.converter(codecs),
                meters,
                roles.has(Role.TEMPORAL_WORKER),
                trail.getIfAvailable(() -> Trail.NONE));
    }

    @Bean
    Workflows temporalWorkflows(
            TemporalSettings settings,
            TemporalConnection connection,
            Bindings bindings,
            CircuitBreaker temporalBreaker,
            RpcDeadline deadline,
            Ceilings ceilings,
            RouteMetrics metrics,
            ClaimedBodies bodies,
            ObjectProvider<Trail> trail) {
        var claimCheck = new ClaimCheck(settings, bodies, metrics);
        return new Workflows(
                settings,
                connection,
                bindings,
                temporalBreaker,
                deadline,
                ceilings,
                metrics,
                claimCheck,
                trail.getIfAvailable(() -> Trail.NONE));
    }

    @Bean
    TemporalGateway temporalGateway(InFlight inFlight, Workflows workflows, Ceilings ceilings, RouteMetrics metrics) {
        return new TemporalGateway(inFlight, workflows, ceilings, metrics);
    }

    @Bean(destroyMethod = "")
    Starter temporalStarter(
            TemporalSettings settings,
            InFlight inFlight,
            Workflows workflows,
            Ceilings ceilings,
            RouteMetrics metrics,
            Clock clock) {
        return new Starter(settings, inFlight, workflows, ceilings, metrics, clock);
    }

    @Bean
    Sweeper temporalSweeper(
            InFlight inFlight,
            SettledItems settledItems,
            RouteDecider decider,
            Bindings bindings,
            Workflows workflows,
            Starter starter,
            RouteMetrics metrics,
            Clock clock) {
        return new Sweeper(inFlight, settledItems, decider, bindings, workflows, starter, metrics, clock);
    }

    @Bean(destroyMethod = "")
    Recaller temporalRecall(InFlight inFlight, Workflows workflows, RouteMetrics metrics) {
        return new Recaller(inFlight, workflows, metrics);
    }

    @InRoles(Role.TEMPORAL_WORKER)
    @Bean
    WorkerPauses temporalPauses(TemporalConnection connection) {
        return new WorkerPauses(connection);
    }

    @Bean
    TemporalRetries temporalRetries(InFlight inFlight, Workflows workflows, Clock clock) {
        return new TemporalRetries(inFlight, workflows, clock);
    }

    // Also where the context never started: the connection has threads of its own.
    @Bean(destroyMethod = "stop")
    TemporalRoute temporalRoute(
            TemporalSettings settings,
            TemporalConnection connection,
            Bindings bindings,
            Starter starter,
            Sweeper sweeper,
            EndedRuns endedRuns,
            Recaller recaller,
            Ceilings ceilings,
            CircuitBreaker temporalBreaker,
            RpcDeadline deadline,
            Roles roles) {
        // who only answers people takes no part in the work
        Bindings swept = roles.all().equals(Set.of(Role.CONSOLE)) ? Bindings.NONE : bindings;
        return new TemporalRoute(
                settings,
                connection,
                swept,
                starter,
                sweeper,
                endedRuns,
                recaller,
                ceilings,
                temporalBreaker,
                deadline);
    }
}
