package dev.shunt.console;

import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateMode;
import dev.shunt.comparison.GateOutcome;
import dev.shunt.comparison.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A verdict of a rollout's gates as the API shows it, whether it was made now or kept.
 *
 * @param obstacles against leaving the phase; empty: it can be promoted or completed; absent of a verdict that is looked up
 */
record VerdictView(
        String id,
        String workload,
        String rollout,
        String phase,
        long epoch,
        Instant at,
        GateOutcome outcome,
        List<Gate> gates,
        @Nullable List<String> obstacles) {

    static VerdictView of(Verdict verdict, @Nullable List<String> obstacles) {
        return new VerdictView(
                verdict.id(),
                verdict.workload().name(),
                verdict.rollout(),
                verdict.phase(),
                verdict.epoch().value(),
                verdict.at(),
                verdict.outcome(),
                verdict.findings().stream().map(Gate::of).toList(),
                obstacles);
    }

    /**
     * What one gate found.
     *
     * @param itemsNeeded on Temporal before it can pass; absent if none or more would not help
     * @param inputs everything that it was made from
     */
    record Gate(
            String gate,
            GateMode mode,
            GateOutcome outcome,
            String words,
            long legacyItems,
            long temporalItems,
            GateFinding.@Nullable Effect effect,
            @Nullable Long itemsNeeded,
            Map<String, Object> inputs) {

        static Gate of(GateFinding finding) {
            return new Gate(
                    finding.gate(),
                    finding.mode(),
                    finding.outcome(),
                    finding.words(),
                    finding.legacyItems(),
                    finding.temporalItems(),
                    finding.effect(),
                    finding.itemsNeeded().isPresent() ? finding.itemsNeeded().getAsLong() : null,
                    finding.inputs());
        }
    }
}
