package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.Instance;
import dev.shunt.core.Percentage;
import dev.shunt.core.Workload;
import dev.shunt.routing.Router;
import dev.shunt.store.WatchPool;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires rehearsals. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RehearsalSettings.class)
class RehearsalConfiguration {

    @Bean
    Rehearsals rehearsals(
            WatchPool pool,
            RolloutControl control,
            RollbackProofs proofs,
            ObjectProvider<Rehearsals.Objection> objections,
            Router router,
            Instance instance,
            RehearsalSettings settings) {
        return new Rehearsals(
                new RehearsalStore(pool.dataSource()),
                new ByControl(control),
                proofs,
                objections.orderedStream().toList(),
                router,
                instance,
                settings.patience());
    }

    /** Orders as an operator would give them. */
    record ByControl(RolloutControl control) implements Rehearsals.Orders {

        @Override
        public Rollback rollback(Workload workload, Actor actor, String reason) {
            return control.rollback(workload, actor, reason);
        }

        @Override
        public Optional<Epoch> restore(
                Workload workload, Percentage percentage, Actor actor, String reason, Epoch expected) {
            return control.setPercentage(workload, percentage, actor, reason, Optional.of(expected))
                            instanceof PercentageOutcome.Applied applied
                    ? Optional.of(applied.epoch())
                    : Optional.empty();
        }
    }
}
