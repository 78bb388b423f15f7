package dev.shunt.rollout;

import dev.shunt.comparison.GateSpec;
import dev.shunt.core.Workload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Rollouts, {@code shunt.rollout.*}.
 *
 * @param plans by workload; a workload without one has {@link Plan#usual()}
 */
@ConfigurationProperties("shunt.rollout")
record RolloutSettings(@Nullable Map<String, PlanSettings> plans) {

    RolloutSettings {
        plans = plans == null ? Map.of() : Map.copyOf(plans);
    }

    /**
     * Every plan, ready to be used.
     *
     * @param usualPolicy of plans that name none
     * @param usualGates of phases that name none
     * @throws IllegalArgumentException naming the key, what it was and what it may be
     */
    Map<Workload, Plan> readPlans(InFlightPolicy usualPolicy, List<GateSpec> usualGates) {
        Map<Workload, Plan> read = new HashMap<>();
        if (plans != null) {
            plans.forEach(
                    (name, settings) -> read.put(new Workload(name), plan(name, settings, usualPolicy, usualGates)));
        }
        return read;
    }

    private static Plan plan(
            String workload, PlanSettings settings, InFlightPolicy usualPolicy, List<GateSpec> usualGates) {
        try {
            return settings.plan(usualPolicy, usualGates);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("shunt.rollout.plans." + workload + "." + wrong.getMessage(), wrong);
        }
    }
}
