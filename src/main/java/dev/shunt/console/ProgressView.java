package dev.shunt.console;

import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateMode;
import dev.shunt.comparison.GateOutcome;
import dev.shunt.comparison.Verdict;
import dev.shunt.rollout.Phase;
import dev.shunt.rollout.Plan;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/** Parts of what is shown of a rollout. */
final class ProgressView {

    private ProgressView() {}

    /** Durations are in seconds. */
    record PlanView(
            List<PhaseView> phases,
            BigDecimal holdback,
            boolean automaticPromotion,
            boolean automaticRollback,
            long cooldownSeconds,
            long evaluationIntervalSeconds,
            String inFlightOnRollback,
            long keepLegacySeconds) {

        static PlanView of(Plan plan) {
            return new PlanView(
                    plan.phases().stream().map(PhaseView::of).toList(),
                    plan.holdback().percent(),
                    plan.automaticPromotion(),
                    plan.automaticRollback(),
                    plan.cooldown().toSeconds(),
                    plan.evaluationInterval().toSeconds(),
                    plan.inFlight().toString(),
                    plan.keepLegacy().toSeconds());
        }
    }

    record PhaseView(String name, BigDecimal percentage, long bakeSeconds, long minimumItems, List<GateView> gates) {

        static PhaseView of(Phase phase) {
            return new PhaseView(
                    phase.name(),
                    phase.percentage().percent(),
                    phase.bake().toSeconds(),
                    phase.minimumItems(),
                    phase.gates().stream()
                            .map(gate -> new GateView(gate.name(), gate.mode(), gate.effectiveLimit()))
                            .toList());
        }
    }

    record GateView(String name, GateMode mode, double limit) {}

    /** @param against what keeps it from passing, in words */
    record VerdictLine(String id, GateOutcome outcome, Instant at, List<String> against) {

        static VerdictLine of(Verdict verdict) {
            return new VerdictLine(
                    verdict.id(),
                    verdict.outcome(),
                    verdict.at(),
                    verdict.against().stream().map(VerdictLine::words).toList());
        }

        private static String words(GateFinding finding) {
            return finding.gate() + " " + finding.outcome() + ": " + finding.words();
        }
    }
}
