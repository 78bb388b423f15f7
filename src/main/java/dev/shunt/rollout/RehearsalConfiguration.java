package dev.shunt.rollout;

import dev.shunt.comparison.GateOutcome;
import dev.shunt.core.Epoch;
import dev.shunt.core.Instance;
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
            RolloutStore store,
            RollbackProofs proofs,
            ObjectProvider<Rehearsals.Objection> objections,
            Router router,
            Instance instance,
            RehearsalSettings settings) {
        return new Rehearsals(
                new RehearsalStore(pool.dataSource()),
                new ByControl(control, store),
                proofs,
                objections.orderedStream().toList(),
                router,
                instance,
                settings.patience());
    }

    /** A failing gate is no time for a rehearsal. */
    @Bean
    Rehearsals.Objection failingGate(ProgressReader progress) {
        return workload -> progress.verdict(workload)
                .map(ProgressReader.Judged::verdict)
                .filter(verdict -> verdict.outcome() == GateOutcome.FAIL)
                .map(verdict -> verdict.findings().stream()
                        .filter(finding -> finding.counts() && finding.outcome() == GateOutcome.FAIL)
                        .map(finding -> "gate " + finding.gate() + " fails: " + finding.words())
                        .findFirst()
                        .orElse("a gate fails"));
    }

    /** Orders as an operator would give them; what is put back is a whole, flag and rollout. */
    record ByControl(RolloutControl control, RolloutStore store) implements Rehearsals.Orders {

        @Override
        public Standing standing(Workload workload) {
            return store.read(workload);
        }

        @Override
        public Optional<String> nowhereToGo(Workload workload) {
            return control.nowhereToGo(workload);
        }

        @Override
        public RolloutControl.Change latest(Workload workload) {
            return control.latest(workload);
        }

        @Override
        public Rollback rollback(Workload workload, Actor actor, String reason) {
            return control.rollback(workload, actor, reason);
        }

        @Override
        public Optional<Epoch> restore(Standing before, Actor actor, String reason, Epoch expected) {
            Workload workload = before.workload();
            Epoch newest = control.newest(workload);
            Optional<Epoch> restored = store.change(workload, scene -> {
                if (!scene.before().epoch().equals(expected)) {
                    return Optional.empty();
                }
                Epoch epoch = scene.setFlag(before.percentage(), actor, reason, newest);
                RolloutRow row = before.row();
                if (row != null) {
                    scene.write(row);
                }
                RolloutEvents.append(
                        scene.sql(),
                        new RolloutEvent(
                                workload,
                                row == null ? null : row.id(),
                                "REHEARSAL",
                                actor,
                                reason,
                                scene.before().position(),
                                before.position(),
                                epoch,
                                null,
                                null));
                return Optional.of(epoch);
            });
            // answered like every other order: once all obey it, or after 2 s
            restored.ifPresent(epoch -> control.laggards(workload, epoch));
            return restored;
        }
    }
}
