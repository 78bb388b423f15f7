package dev.shunt.legacy;

import dev.shunt.core.Acceptance;
import dev.shunt.core.DeadLetterList;
import dev.shunt.core.DeadLetters;
import dev.shunt.core.ExternalResults;
import dev.shunt.core.ForwardedItems;
import dev.shunt.core.ForwardedSample;
import dev.shunt.core.InFlight;
import dev.shunt.core.InRoles;
import dev.shunt.core.Instance;
import dev.shunt.core.MessageCodec;
import dev.shunt.core.RegisteredStarter;
import dev.shunt.core.RetiredWorkloads;
import dev.shunt.core.Role;
import dev.shunt.core.RouteGateway;
import dev.shunt.core.SettledItems;
import dev.shunt.core.Trail;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.core.WorkloadDefinition;
import io.lettuce.core.metrics.MicrometerCommandLatencyRecorder;
import io.lettuce.core.metrics.MicrometerOptions;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The legacy route's beans. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({RedisSettings.class, LegacySettings.class, OldWorkerSettings.class})
class LegacyConfiguration {

    @Bean
    RedisConnections redisConnections(RedisSettings settings, MeterRegistry meters) {
        return new RedisConnections(
                settings,
                new MicrometerCommandLatencyRecorder(meters, MicrometerOptions.create()),
                RedisRefusals.in(meters));
    }

    @Bean
    InFlight inFlight(
            RedisConnections connections,
            WorkloadCatalog catalog,
            ObjectProvider<WorkloadDefinition> definitions,
            OldWorkerPlace oldWorker,
            ObjectProvider<RetiredWorkloads> retired,
            Clock clock) {
        var walk = new ListWalk(workload -> codecOf(workload, definitions), clock);
        return new ReleasedInFlight(
                new RedisInFlight(connections, catalog, walk, oldWorker.worker()),
                retired.getIfAvailable(() -> RetiredWorkloads.NONE),
                catalog.workloads(),
                System::nanoTime);
    }

    @Bean
    OldWorkerPlace oldWorkerPlace(
            OldWorkerSettings settings,
            LegacySettings legacy,
            WorkloadCatalog catalog,
            ObjectProvider<ExternalResults> results,
            ObjectProvider<ForwardedSample> sample) {
        return OldWorkerPlace.of(settings, legacy, catalog, results, sample);
    }

    @Bean
    ForeignConsumers foreignConsumers(
            RedisConnections connections, RedisSettings redis, WorkloadCatalog catalog, OldWorkerSettings settings) {
        return new ForeignConsumers(connections, redis, catalog, settings.foreignConsumers());
    }

    @InRoles(Role.LEGACY_CONSUMER)
    @Bean
    ForeignConsumersAtStart foreignConsumersAtStart(ForeignConsumers foreign, WorkloadCatalog catalog) {
        return new ForeignConsumersAtStart(foreign, catalog);
    }

    @Bean
    ForwardedItems forwardedItems(RedisConnections connections, WorkloadCatalog catalog, OldWorkerPlace oldWorker) {
        return new RedisForwardedItems(connections, catalog, oldWorker.worker());
    }

    private static MessageCodec codecOf(Workload workload, ObjectProvider<WorkloadDefinition> definitions) {
        return definitions.stream()
                .filter(definition -> definition.workload().equals(workload))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no definition of workload " + workload))
                .messages();
    }

    @Bean
    RedisHealthIndicator redisHealthIndicator(
            RedisConnections connections,
            Environment environment,
            WorkloadCatalog catalog,
            ObjectProvider<RetiredWorkloads> retired) {
        RetiredWorkloads known = retired.getIfAvailable(() -> RetiredWorkloads.NONE);
        return new RedisHealthIndicator(
                connections, environment, () -> catalog.workloads().stream().allMatch(known::isReleased));
    }

    @Bean
    RouteGateway legacyGateway(InFlight inFlight) {
        return new LegacyGateway(inFlight);
    }

    @Bean
    DeadLetterList deadLetterList(RedisConnections connections, WorkloadCatalog catalog, OldWorkerPlace oldWorker) {
        return new RedisDeadLetterList(connections, catalog, oldWorker.worker());
    }

    @InRoles(Role.LEGACY_CONSUMER)
    @Bean
    ConsumerSwitch consumerSwitch() {
        return new ConsumerSwitch();
    }

    @Bean
    Waits legacyWaits(Clock clock) {
        return new Waits(clock);
    }

    @InRoles(Role.LEGACY_CONSUMER)
    @Bean
    LegacyConsumers legacyConsumers(
            LegacySettings settings,
            RedisConnections connections,
            WorkloadCatalog catalog,
            Instance instance,
            InFlight inFlight,
            Acceptance acceptance,
            SettledItems settledItems,
            DeadLetters deadLetters,
            ObjectProvider<RegisteredStarter> starter,
            ObjectProvider<WorkloadDefinition> definitions,
            OldWorkerPlace oldWorker,
            ConsumerSwitch paused,
            Waits waits,
            MeterRegistry meters,
            Clock clock,
            ObjectProvider<Trail> trail) {
        var factory = new ConsumerFactory(
                settings,
                connections,
                catalog,
                instance,
                inFlight,
                acceptance,
                settledItems,
                deadLetters,
                Optional.ofNullable(starter.getIfAvailable()),
                oldWorker.worker(),
                paused,
                waits,
                meters,
                clock,
                trail.getIfAvailable(() -> Trail.NONE));
        return new LegacyConsumers(catalog, definitions.orderedStream().toList(), factory::group);
    }
}
