package dev.shunt.rollout;

import dev.shunt.core.Workload;
import java.util.HashMap;
import java.util.Map;

/** What rollbacks that do not say it themselves do about items in flight: as the plan says, else as the setting says. */
final class InFlightPolicies {

    private final InFlightPolicy usual;
    private final Map<Workload, InFlightPolicy> planned = new HashMap<>();

    InFlightPolicies(InFlightSettings settings, RolloutSettings rollout) {
        this.usual = settings.policy();
        Map<String, PlanSettings> plans = rollout.plans();
        if (plans != null) {
            plans.forEach((workload, plan) -> {
                String text = plan.inFlightOnRollback();
                if (text != null) {
                    planned.put(new Workload(workload), InFlightPolicy.of(text));
                }
            });
        }
    }

    InFlightPolicy of(Workload workload) {
        return planned.getOrDefault(workload, usual);
    }
}
