package dev.shunt.rollout;

import dev.shunt.comparison.ShadowSwitches;
import dev.shunt.core.InFlight;
import dev.shunt.core.Preflight;
import dev.shunt.core.Recall;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.routing.FlagDatabase;
import dev.shunt.routing.Router;
import java.nio.file.Path;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Wires the control of rollouts. */
@Configuration(proxyBeanMethods = false)
class RolloutConfiguration {

    @Bean
    FlagWriter flagWriter(FlagDatabase database) {
        return new FlagWriter(database.connections("shunt-rollout"));
    }

    @Bean
    Fences fences(InFlight inFlight, FlagWriter flag) {
        return new Fences(inFlight, flag);
    }

    @Bean
    PendingRollbacks pendingRollbacks(
            Environment environment,
            FlagWriter flag,
            Fences fences,
            InFlight inFlight,
            Router router,
            WorkloadCatalog catalog,
            Clock clock) {
        var folder = new OrderFolder(Path.of(environment.getRequiredProperty("shunt.data"), "rollback-orders"));
        return new PendingRollbacks(folder, flag, fences, inFlight, router, catalog, clock);
    }

    @Bean
    RollbackRecorder rollbackRecorder(PendingRollbacks pending, Fences fences, WorkloadCatalog catalog) {
        return new RollbackRecorder(pending, fences, catalog);
    }

    @Bean
    Recalls recalls(Recall recall, InFlight inFlight, InFlightPolicies policies, RecalledCounts counts) {
        return new Recalls(recall, inFlight, policies::of, counts);
    }

    @Bean
    RolloutControl rolloutControl(
            WorkloadCatalog catalog,
            Router router,
            InFlight inFlight,
            FlagDatabase database,
            FlagWriter flag,
            Fences fences,
            PendingRollbacks pending,
            Recalls recalls,
            ShadowSwitches shadows,
            Recognition recognition,
            ObjectProvider<Preflight> preflights,
            Clock clock) {
        DataSource connections = database.connections("shunt-rollout");
        return new RolloutControl(
                catalog,
                router,
                inFlight,
                flag,
                new FlagHistory(connections),
                fences,
                pending,
                recalls,
                order -> shadows.suspend(order.workload(), order.actor().label(), "rollback: " + order.reason()),
                recognition::tryToRecognise,
                preflights.orderedStream().filter(Preflight::beforeEachRaise).toList(),
                clock);
    }
}
