package dev.shunt.comparison;

import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
import dev.shunt.core.Workload;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the gates are asked.
 *
 * @param rollout the rollout's id: evidence runs on for as long as it stays the same
 * @param rolloutStartedAt items accepted before it are left out
 * @param phase the phase's name: minimums count anew when it changes
 * @param phaseStartedAt not before the rollout's start; thresholds of latency are frozen at it
 * @param percentage of the phase
 * @param holdback the share kept on legacy when the percentage is 100 %; 0: none
 * @param epoch the version of the flag in force
 * @param minimumItems items on Temporal, accepted in the phase, below which no gate passes; 0 or more
 * @param gates those of the plan, each named once
 */
public record GateQuestion(
        Workload workload,
        String rollout,
        Instant rolloutStartedAt,
        String phase,
        Instant phaseStartedAt,
        Percentage percentage,
        Percentage holdback,
        Epoch epoch,
        long minimumItems,
        List<GateSpec> gates) {

    public GateQuestion {
        if (rollout.isBlank() || phase.isBlank()) {
            throw new IllegalArgumentException(
                    "rollout and phase must have names, were '" + rollout + "' and '" + phase + "'");
        }
        if (phaseStartedAt.isBefore(rolloutStartedAt)) {
            throw new IllegalArgumentException("phase " + phase + " cannot start at " + phaseStartedAt
                    + ", before its rollout at " + rolloutStartedAt);
        }
        if (minimumItems < 0) {
            throw new IllegalArgumentException("minimum items must be 0 or more, were " + minimumItems);
        }
        gates = List.copyOf(gates);
        if (gates.stream().map(GateSpec::name).collect(Collectors.toSet()).size() < gates.size()) {
            throw new IllegalArgumentException("a gate is named twice in "
                    + gates.stream().map(GateSpec::name).toList());
        }
    }
}
