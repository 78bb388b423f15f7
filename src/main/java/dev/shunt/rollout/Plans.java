package dev.shunt.rollout;

import dev.shunt.comparison.GateSpec;
import dev.shunt.comparison.Gates;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import java.util.List;
import java.util.Map;

/** The plan of each workload. */
public final class Plans {

    private final Map<Workload, Plan> plans;
    private final Plan usual;

    /**
     * @param configured for the workloads that have one
     * @param usual for all others
     */
    Plans(Map<Workload, Plan> configured, Plan usual) {
        this.plans = Map.copyOf(configured);
        this.usual = usual;
    }

    /**
     * Usual gates whose source is not there are left out of the usual plan; one that is named must be usable.
     *
     * @param usualPolicy of plans that name none
     * @throws IllegalArgumentException if a plan is for no workload, or names a gate that cannot be used here
     */
    static Plans checked(RolloutSettings settings, InFlightPolicy usualPolicy, WorkloadCatalog catalog, Gates gates) {
        List<GateSpec> usable = Plan.USUAL_GATES.stream()
                .filter(gate -> gates.problems(List.of(gate)).isEmpty())
                .toList();
        Map<Workload, Plan> configured = settings.readPlans(usualPolicy, usable);
        configured.forEach((workload, plan) -> {
            String key = "shunt.rollout.plans." + workload;
            if (!catalog.workloads().contains(workload)) {
                throw new IllegalArgumentException(key + " must be the plan of a workload, one of "
                        + catalog.workloads().stream()
                                .map(Workload::name)
                                .sorted()
                                .toList());
            }
            for (int i = 0; i < plan.phases().size(); i++) {
                List<String> problems = gates.problems(plan.phases().get(i).gates());
                if (!problems.isEmpty()) {
                    throw new IllegalArgumentException(
                            key + ".phases[" + i + "].gates: " + String.join("; ", problems));
                }
            }
        });
        return new Plans(configured, Plan.usual(usable).with(usualPolicy));
    }

    public Plan of(Workload workload) {
        return plans.getOrDefault(workload, usual);
    }
}
