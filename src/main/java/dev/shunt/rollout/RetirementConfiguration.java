package dev.shunt.rollout;

import dev.shunt.comparison.Comparisons;
import dev.shunt.comparison.GroupReports;
import dev.shunt.core.DeadLetterArchive;
import dev.shunt.core.DeadLetterList;
import dev.shunt.core.InFlight;
import dev.shunt.core.Instance;
import dev.shunt.core.StandIn;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.routing.Router;
import dev.shunt.store.WatchPool;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what must be so before a workload does without its legacy route. */
@Configuration(proxyBeanMethods = false)
class RetirementConfiguration {

    @Bean
    Retirement retirement(
            InFlight inFlight,
            StandIn standIn,
            DeadLetterArchive letters,
            DeadLetterList copies,
            Comparisons comparisons,
            GroupReports groups,
            RollbackProofs proofs,
            PinBook pins,
            Router router,
            WatchPool pool,
            WorkloadCatalog catalog,
            Plans plans,
            Clock clock) {
        return new Retirement(
                inFlight,
                standIn,
                letters,
                copies,
                comparisons,
                groups,
                proofs,
                pins,
                router,
                new FlagTimes(pool.dataSource(), catalog),
                plans::of,
                clock);
    }

    @Bean
    Releases releases(
            WorkloadCatalog catalog,
            WatchPool pool,
            RolloutStore rollouts,
            Router router,
            InFlight inFlight,
            StandIn standIn,
            Instance instance,
            Builds builds,
            MeterRegistry meters) {
        return new Releases(
                catalog,
                new RetirementStore(pool.dataSource(), rollouts),
                router,
                inFlight,
                standIn,
                instance,
                builds,
                meters);
    }

    /** Time and judgement may be passed over with a reason; what would be lost may not. */
    @Bean
    CompletionCheck retirementCheck(Retirement retirement) {
        return workload -> retirement.check(workload).stream()
                .filter(line -> line.result() != Preflights.Result.PASS)
                .map(line -> new CompletionCheck.Open(
                        line.subject() + ": " + line.words(),
                        Retirement.PASSED_OVER.contains(line.subject()) && line.result() == Preflights.Result.FAIL))
                .toList();
    }
}
