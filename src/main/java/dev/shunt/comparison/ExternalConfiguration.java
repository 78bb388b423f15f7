package dev.shunt.comparison;

import dev.shunt.core.DeadLetters;
import dev.shunt.core.ExternalResults;
import dev.shunt.core.ForwardedItems;
import dev.shunt.core.InFlight;
import dev.shunt.core.InRoles;
import dev.shunt.core.Role;
import dev.shunt.store.Divergences;
import dev.shunt.store.ExternalLedger;
import dev.shunt.store.PeriodicTask;
import dev.shunt.store.SoleRunner;
import dev.shunt.store.WatchPool;
import java.time.Clock;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Settles what a worker outside Shunt does, when there is one. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ExternalSettings.class)
@ConditionalOnProperty(name = "shunt.legacy.consumer", havingValue = "external")
class ExternalConfiguration {

    @Bean
    OutsidePairs outsidePairs(Sampler sampler) {
        return new OutsidePairs(sampler);
    }

    @Bean
    ExternalWatch externalWatch(
            ForwardedItems forwarded,
            ObjectProvider<ExternalResults> results,
            WatchPool pool,
            DeadLetters deadLetters,
            Divergences divergences,
            SoleRunner sole,
            Sampler sampler,
            OutsidePairs pairs,
            ExternalSettings settings,
            Clock clock) {
        var workload = forwarded
                .workload()
                .orElseThrow(
                        () -> new IllegalStateException("shunt.legacy.consumer is external, yet nobody is outside"));
        ExternalResults outside = results.orderedStream()
                .filter(one -> one.workload().equals(workload))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("shunt.legacy.workload must name a workload whose results"
                                + " outside can be read (trace), was " + workload));
        sampler.outside(Set.of(workload));
        return new ExternalWatch(
                workload,
                forwarded,
                outside,
                new ExternalLedger(pool.dataSource()),
                deadLetters,
                divergences,
                sole,
                pairs,
                settings,
                clock);
    }

    /** Everywhere: whoever hands something over must know what is kept of it. */
    @Bean(initMethod = "start", destroyMethod = "stop")
    PeriodicTask outsideAhead(
            ExternalWatch watch,
            OutsidePairs pairs,
            InFlight inFlight,
            ForwardedItems forwarded,
            ExternalSettings settings) {
        return new PeriodicTask(
                "shunt-outside-ahead",
                settings.interval(),
                () -> pairs.lookAhead(inFlight, forwarded, watch.workload()));
    }

    @InRoles(Role.CONTROLLER)
    @Bean(initMethod = "start", destroyMethod = "stop")
    PeriodicTask externalLooks(ExternalWatch watch, ExternalSettings settings) {
        return new PeriodicTask("shunt-external", settings.interval(), watch::look);
    }
}
