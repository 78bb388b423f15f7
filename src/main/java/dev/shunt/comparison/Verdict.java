package dev.shunt.comparison;

import dev.shunt.core.Epoch;
import dev.shunt.core.Workload;
import java.time.Instant;
import java.util.List;

/**
 * What all gates of a phase say together, at one moment.
 *
 * @param id under which it is kept, if it is kept
 * @param rollout the rollout's id
 * @param phase the phase's name
 * @param epoch the version of the flag that it was made for: a decision that rests on it must be conditional on this
 * @param at when it was made
 * @param outcome the worst of the findings that count: FAIL before NO_DATA before INCONCLUSIVE before PASS. Gates in
 *     mode OBSERVE never count; without a gate that counts it is INCONCLUSIVE
 * @param findings in the order of the plan
 */
public record Verdict(
        String id,
        Workload workload,
        String rollout,
        String phase,
        Epoch epoch,
        Instant at,
        GateOutcome outcome,
        List<GateFinding> findings) {

    public Verdict {
        findings = List.copyOf(findings);
    }

    /** The outcome of these findings together. */
    public static GateOutcome together(List<GateFinding> findings) {
        return findings.stream()
                .filter(GateFinding::counts)
                .map(GateFinding::outcome)
                .reduce(GateOutcome::or)
                .orElse(GateOutcome.INCONCLUSIVE);
    }

    /** Those that keep it from passing, the worst first. */
    public List<GateFinding> against() {
        return findings.stream()
                .filter(finding -> finding.counts() && finding.outcome() != GateOutcome.PASS)
                .sorted((one, other) -> other.outcome().compareTo(one.outcome()))
                .toList();
    }
}
