package dev.shunt.console;

import dev.shunt.console.RolloutView.ChangeView;
import dev.shunt.console.RolloutView.Changed;
import dev.shunt.console.RolloutView.InstanceView;
import dev.shunt.console.RolloutView.RolledBack;
import dev.shunt.core.Percentage;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.rollout.PercentageOutcome.Applied;
import dev.shunt.rollout.PercentageOutcome.Refused;
import dev.shunt.rollout.Rollback;
import dev.shunt.rollout.RolloutControl;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Shows and moves the percentage of a workload, and takes it back. */
@RestController
@RequestMapping("/api/v1/rollouts/{workload}")
class RolloutController {

    private static final int LONGEST_HISTORY = 1000;

    private final RolloutControl control;
    private final WorkloadCatalog catalog;

    RolloutController(RolloutControl control, WorkloadCatalog catalog) {
        this.control = control;
        this.catalog = catalog;
    }

    @GetMapping
    RolloutView show(@PathVariable("workload") String name) {
        return RolloutView.of(control.status(workload(name)));
    }

    @PostMapping("/percentage")
    Changed change(
            @PathVariable("workload") String name,
            @RequestHeader(name = Actors.HEADER, defaultValue = "unknown") String actor,
            @RequestBody Map<String, @Nullable Object> body) {
        Workload workload = workload(name);
        var request = new RolloutRequest(body, Set.of("percentage", "reason", "expectedEpoch"));
        Percentage percentage = request.percentage();
        var outcome = control.setPercentage(
                workload, percentage, Actors.of(actor), request.reason(), request.expectedEpoch());
        return switch (outcome) {
            case Refused refused -> throw ApiException.conflict(refused.why());
            case Applied applied ->
                new Changed(
                        workload.name(),
                        percentage.percent(),
                        applied.epoch().value(),
                        InstanceView.of(applied.laggards(), applied.epoch()),
                        RolloutView.of(control.status(workload)));
        };
    }

    /** Needs no body: in an emergency one curl must do. 200 once it is recorded, 202 while it is obeyed but not recorded. */
    @PostMapping("/rollback")
    ResponseEntity<RolledBack> rollback(
            @PathVariable("workload") String name,
            @RequestHeader(name = Actors.HEADER, defaultValue = "unknown") String actor,
            @RequestBody(required = false) @Nullable Map<String, @Nullable Object> body) {
        Workload workload = workload(name);
        var request = new RolloutRequest(body, Set.of("reason", "inFlight"));
        String reason = request.reasonOr("rollback ordered without a reason");
        Rollback rollback = control.rollback(workload, Actors.of(actor), reason, request.inFlightOrNull());
        return ResponseEntity.status(rollback.recorded() ? HttpStatus.OK : HttpStatus.ACCEPTED)
                .body(RolledBack.of(rollback));
    }

    @GetMapping("/history")
    List<ChangeView> history(
            @PathVariable("workload") String name, @RequestParam(name = "limit", defaultValue = "100") int limit) {
        if (limit < 1 || limit > LONGEST_HISTORY) {
            throw ApiException.badRequest("limit must be 1.." + LONGEST_HISTORY + ", was " + limit);
        }
        return control.history(workload(name), limit).stream()
                .map(ChangeView::of)
                .toList();
    }

    private Workload workload(String name) {
        return catalog.workloads().stream()
                .filter(known -> known.name().equals(name))
                .findAny()
                .orElseThrow(() -> ApiException.notFound("no such workload; known: "
                        + catalog.workloads().stream()
                                .map(Workload::name)
                                .sorted()
                                .toList()));
    }
}
