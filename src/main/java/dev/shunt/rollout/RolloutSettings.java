package dev.shunt.rollout;

import dev.shunt.comparison.GateSpec;
import dev.shunt.core.Workload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Rollouts, {@code shunt.rollout.*}.
 *
 * @param recallOnRollback whether a rollback also takes back what is on Temporal already; otherwise it finishes there. A
 *     plan's own {@code in-flight-on-rollback} is stronger
 * @param plans by workload; a workload without one has {@link Plan#usual()}
 */
@ConfigurationProperties("shunt.rollout")
record RolloutSettings(
        @DefaultValue("false") boolean recallOnRollback,
        @Nullable Map<String, PlanSettings> plans) {

    RolloutSettings {
        plans = plans == null ? Map.of() : Map.copyOf(plans);
    }

    /**
     * Every plan, ready to be used.
     *
     * @param usualGates of phases that name none
     * @throws IllegalArgumentException naming the key, what it was and what it may be
     */
    Map<Workload, Plan> readPlans(List<GateSpec> usualGates) {
        Map<Workload, Plan> read = new HashMap<>();
        if (plans != null) {
            plans.forEach((name, settings) -> read.put(new Workload(name), plan(name, settings, usualGates)));
        }
        return read;
    }

    private Plan plan(String workload, PlanSettings settings, List<GateSpec> usualGates) {
        try {
            return settings.plan(recallOnRollback, usualGates);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("shunt.rollout.plans." + workload + "." + wrong.getMessage(), wrong);
        }
    }
}
