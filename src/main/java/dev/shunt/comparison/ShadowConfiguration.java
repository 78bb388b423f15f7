package dev.shunt.comparison;

import dev.shunt.core.InFlight;
import dev.shunt.core.Route;
import dev.shunt.core.ShadowRoute;
import dev.shunt.core.ShadowWorkload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.store.Divergences;
import dev.shunt.store.HiddenPairs;
import dev.shunt.store.ShadowMinutes;
import dev.shunt.store.ShadowOrders;
import dev.shunt.store.ShadowSchema;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts shadow pairs together. The sampler comes before the lanes, which tell it of commits; the pairs come after. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ShadowSettings.class)
class ShadowConfiguration {

    @Bean
    ShadowSwitches shadowSwitches(ShadowOrders orders) {
        return new ShadowSwitches(orders, System::nanoTime);
    }

    @Bean
    SampledQueue sampledQueue(ShadowSettings settings, MeterRegistry meters) {
        var queue = new SampledQueue(settings.queue(), settings.queueBytes().toBytes());
        Gauge.builder("shunt.shadow.queue", queue, SampledQueue::size)
                .description("Sampled items that wait for their second run")
                .register(meters);
        return queue;
    }

    @Bean
    PairTally pairTally(ShadowMinutes minutes, MeterRegistry meters, WorkloadCatalog catalog) {
        return new PairTally(minutes, meters, catalog.workloads());
    }

    @Bean
    Pressure shadowPressure(InFlight inFlight, ShadowSettings settings, MeterRegistry meters) {
        return new Pressure(
                inFlight, () -> busyShare(meters), settings.shedAboveWaiting(), settings.pauseAboveCpu() / 100.0);
    }

    /** As everybody sees it among the metrics; not a number where it is not measured. */
    private static double busyShare(MeterRegistry meters) {
        Gauge busy = meters.find("system.cpu.usage").gauge();
        return busy == null ? Double.NaN : busy.value();
    }

    @Bean
    Sampler shadowSampler(
            ShadowSwitches switches,
            SampledQueue queue,
            PairTally tally,
            ShadowSettings settings,
            Pressure pressure,
            Clock clock) {
        return new Sampler(switches, queue, tally, settings.shedAbove(), pressure, clock);
    }

    @Bean
    LegacyShadow legacyShadow(ShadowSettings settings) {
        return new LegacyShadow(settings.threads());
    }

    @Bean
    ShadowPairs shadowPairs(
            ObjectProvider<ShadowWorkload> workloads,
            ObjectProvider<ShadowRoute> routes,
            ShadowSwitches switches,
            SampledQueue queue,
            Sampler sampler,
            Pressure pressure,
            PairTally tally,
            ShadowSchema schema,
            Divergences divergences,
            ShadowSettings settings,
            Clock clock) {
        Map<Route, ShadowRoute> byRoute = new EnumMap<>(Route.class);
        routes.stream().forEach(route -> byRoute.put(route.route(), route));
        return new ShadowPairs(
                workloads.stream().collect(Collectors.toMap(ShadowWorkload::workload, each -> each)),
                byRoute,
                switches,
                queue,
                sampler,
                pressure,
                tally,
                schema,
                divergences,
                settings,
                clock);
    }

    @Bean
    PairReports pairReports(
            ShadowMinutes minutes, HiddenPairs hidden, PairTally tally, SampledQueue queue, ShadowPairs pairs) {
        return new PairReports(minutes, hidden, tally, queue, pairs);
    }
}
