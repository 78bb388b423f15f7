package dev.shunt.console;

import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateFinding.Effect;
import dev.shunt.comparison.GateMode;
import dev.shunt.comparison.GateOutcome;
import dev.shunt.comparison.Gates;
import dev.shunt.comparison.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Kept verdicts with everything they were made from. */
@RestController
final class KeptVerdictController {

    private final Gates gates;

    KeptVerdictController(Gates gates) {
        this.gates = gates;
    }

    /** A verdict as the API shows it. */
    record View(
            String id,
            String workload,
            String rollout,
            String phase,
            long epoch,
            Instant at,
            GateOutcome outcome,
            List<Finding> findings) {

        static View of(Verdict verdict) {
            return new View(
                    verdict.id(),
                    verdict.workload().name(),
                    verdict.rollout(),
                    verdict.phase(),
                    verdict.epoch().value(),
                    verdict.at(),
                    verdict.outcome(),
                    verdict.findings().stream().map(Finding::of).toList());
        }
    }

    /** What one gate found. */
    record Finding(
            String gate,
            GateMode mode,
            GateOutcome outcome,
            String words,
            long legacyItems,
            long temporalItems,
            @Nullable Effect effect,
            @Nullable Long itemsNeeded,
            Map<String, Object> inputs) {

        static Finding of(GateFinding finding) {
            return new Finding(
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

    @GetMapping("/api/v1/verdicts/{id}")
    View verdict(@PathVariable String id) {
        try {
            return View.of(gates.recorded(id));
        } catch (NoSuchElementException unknown) {
            throw ApiException.notFound("no verdict " + id + " was kept");
        }
    }
}
