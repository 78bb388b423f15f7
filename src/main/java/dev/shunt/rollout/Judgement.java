package dev.shunt.rollout;

import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateMode;
import dev.shunt.comparison.GateOutcome;
import dev.shunt.comparison.Verdict;
import dev.shunt.core.Percentage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What was found about one phase at one version of the flag.
 *
 * @param standing as it was when the gates were asked
 * @param row the rollout in it
 * @param laggards live instances that did not obey that version yet, or why they are not known
 */
record Judgement(Standing standing, RolloutRow row, Plan plan, Phase phase, Verdict verdict, List<String> laggards) {

    /** Something that stands against going on. */
    record Obstacle(String words, boolean overridable) {}

    /** When the phase has lasted long enough. */
    Instant bakeEndsAt() {
        return row.phaseStartedAt().plus(phase.bake());
    }

    /** Gates whose FAIL takes everything back. */
    List<GateFinding> demandRollback() {
        return failing(finding -> finding.mode() == GateMode.ROLLBACK && plan.automaticRollback());
    }

    /** Gates whose FAIL holds the rollout, those excepted that a person has accepted for this phase. */
    List<GateFinding> demandHold() {
        Set<String> waived = row.waived();
        return failing(finding ->
                (finding.mode() == GateMode.HOLD || !plan.automaticRollback()) && !waived.contains(finding.gate()));
    }

    /** What stands against leaving the phase; empty if nothing does. */
    List<Obstacle> obstacles() {
        List<Obstacle> obstacles = new ArrayList<>();
        if (!laggards.isEmpty()) {
            obstacles.add(new Obstacle(
                    "instances do not agree on epoch " + standing.epoch() + " yet: " + String.join(", ", laggards),
                    false));
        }
        for (GateFinding finding : verdict.against()) {
            if (finding.outcome() != GateOutcome.FAIL || !row.waived().contains(finding.gate())) {
                obstacles.add(new Obstacle(words(finding), true));
            }
        }
        Instant now = standing.now();
        if (now.isBefore(bakeEndsAt())) {
            obstacles.add(new Obstacle(
                    "phase " + phase.name() + " bakes until " + bakeEndsAt() + " (" + words(phase.bake()) + ")", true));
        }
        if (!plan.hash().equals(row.planHash())) {
            obstacles.add(new Obstacle(
                    "the plan in the configuration is not the one that the rollout was started with", true));
        }
        return obstacles;
    }

    /** Whether the flag says what the phase asks for, and not what somebody set by hand. */
    boolean onTarget() {
        Percentage target = plan.target(phase);
        return standing.effective().equals(target);
    }

    static String words(List<GateFinding> findings) {
        return findings.stream().map(Judgement::words).collect(Collectors.joining("; "));
    }

    /** The obstacles in one sentence; empty if there are none. */
    static Optional<String> sentence(List<Obstacle> obstacles) {
        return obstacles.isEmpty()
                ? Optional.empty()
                : Optional.of(obstacles.stream().map(Obstacle::words).collect(Collectors.joining("; ")));
    }

    private static String words(GateFinding finding) {
        return "gate " + finding.gate() + " " + finding.outcome() + ": " + finding.words();
    }

    private static String words(Duration duration) {
        return duration.toDays() > 0 ? duration.toDays() + " days" : duration.toSeconds() + " s";
    }

    private List<GateFinding> failing(java.util.function.Predicate<GateFinding> which) {
        return verdict.findings().stream()
                .filter(finding -> finding.outcome() == GateOutcome.FAIL && finding.counts())
                .filter(which)
                .toList();
    }
}
