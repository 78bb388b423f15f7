package dev.shunt.rollout;

import dev.shunt.comparison.GateQuestion;
import dev.shunt.comparison.Gates;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.routing.InstanceState;
import dev.shunt.routing.Router;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Asks gates and instances about the phase that a rollout is in. Changes nothing. */
final class Judge {

    private final Plans plans;
    private final Gates gates;
    private final Function<Workload, List<InstanceState>> instances;

    Judge(Plans plans, Gates gates, Router router) {
        this.plans = plans;
        this.gates = gates;
        this.instances = router::instances;
    }

    /** Empty if no rollout runs, or the plan does not know its phase any more. */
    Optional<Judgement> judge(Standing standing) {
        RolloutRow row = standing.row();
        if (row == null || !row.state().active()) {
            return Optional.empty();
        }
        Plan plan = plans.of(standing.workload());
        return plan.phase(row.phase())
                .map(phase -> new Judgement(
                        standing,
                        row,
                        plan,
                        phase,
                        gates.evaluate(question(standing, row, plan, phase)),
                        laggards(standing)));
    }

    /** Sees to it that a verdict which a decision rests on can be read and recomputed later. */
    void keep(Judgement judgement) {
        gates.keep(judgement.verdict());
    }

    private static GateQuestion question(Standing standing, RolloutRow row, Plan plan, Phase phase) {
        return new GateQuestion(
                standing.workload(),
                row.id(),
                row.startedAt(),
                phase.name(),
                row.phaseStartedAt(),
                standing.effective(),
                plan.holdback(),
                standing.epoch(),
                phase.minimumItems(),
                phase.gates());
    }

    private List<String> laggards(Standing standing) {
        try {
            return instances.apply(standing.workload()).stream()
                    .filter(instance -> !instance.obeys(standing.epoch()))
                    .map(instance -> instance.id() + " is at epoch " + instance.epoch())
                    .toList();
        } catch (UnavailableException away) {
            return List.of("not known (" + away.getMessage() + ")");
        }
    }
}
