package dev.shunt.console;

import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateMode;
import dev.shunt.comparison.GateOutcome;
import dev.shunt.comparison.Verdict;
import dev.shunt.core.Workload;
import dev.shunt.rollout.ProgressReader;
import dev.shunt.rollout.ProgressReader.Judged;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Says in words what each gate finds, and what stands against going on. */
@RestController
class VerdictController {

    private final ProgressReader progress;
    private final ReadParameters parameters;

    VerdictController(ProgressReader progress, ReadParameters parameters) {
        this.progress = progress;
        this.parameters = parameters;
    }

    /** @param obstacles against leaving the phase; empty: it can be promoted or completed */
    record VerdictView(
            String id,
            String workload,
            String rollout,
            String phase,
            long epoch,
            Instant at,
            GateOutcome outcome,
            List<FindingView> gates,
            List<String> obstacles) {

        static VerdictView of(Judged judged) {
            Verdict verdict = judged.verdict();
            return new VerdictView(
                    verdict.id(),
                    verdict.workload().name(),
                    verdict.rollout(),
                    verdict.phase(),
                    verdict.epoch().value(),
                    verdict.at(),
                    verdict.outcome(),
                    verdict.findings().stream().map(FindingView::of).toList(),
                    judged.obstacles());
        }
    }

    /** @param itemsNeeded on Temporal before it can pass; absent if none or more would not help */
    record FindingView(
            String gate,
            GateMode mode,
            GateOutcome outcome,
            String words,
            long legacyItems,
            long temporalItems,
            GateFinding.@Nullable Effect effect,
            @Nullable Long itemsNeeded) {

        static FindingView of(GateFinding finding) {
            return new FindingView(
                    finding.gate(),
                    finding.mode(),
                    finding.outcome(),
                    finding.words(),
                    finding.legacyItems(),
                    finding.temporalItems(),
                    finding.effect(),
                    finding.itemsNeeded().isPresent() ? finding.itemsNeeded().getAsLong() : null);
        }
    }

    /** Asks the gates now; of a rollout that does not run, the last verdict that was kept. */
    @GetMapping("/api/v1/rollouts/{workload}/verdict")
    VerdictView verdict(@PathVariable("workload") String name) {
        Workload workload = parameters.workload(name);
        return progress.verdict(workload)
                .map(VerdictView::of)
                .orElseThrow(() -> ApiException.notFound("no verdict of " + name + " was ever made: start a rollout"));
    }
}
