package dev.shunt.console;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.shunt.comparison.Reconciliations;
import dev.shunt.comparison.Reconciliations.Answer;
import dev.shunt.core.Divergence;
import dev.shunt.core.Reconciliation;
import dev.shunt.core.Reconciliation.Order;
import dev.shunt.core.Reconciliation.Repair;
import dev.shunt.core.Reconciliation.State;
import dev.shunt.core.SummaryChange;
import dev.shunt.core.Workload;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Everything of a span of time compared with everything that should be there, on demand. */
@RestController
@RequestMapping("/api/v1/reconciliations")
class ReconciliationController {

    private static final Duration DEFAULT_WINDOW = Duration.ofHours(24);

    private final Reconciliations reconciliations;
    private final ReadParameters parameters;
    private final Clock clock;

    ReconciliationController(Reconciliations reconciliations, ReadParameters parameters, Clock clock) {
        this.reconciliations = reconciliations;
        this.parameters = parameters;
        this.clock = clock;
    }

    /** @param repairs what was changed, or would be; only where one run is shown */
    record View(
            long id,
            String workload,
            Instant from,
            Instant to,
            Repair repair,
            State state,
            boolean scheduled,
            String by,
            String instance,
            String step,
            long items,
            long verified,
            Map<Divergence.Kind, Long> findings,
            @Nullable String failure,
            Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable List<Change> repairs) {

        static View of(Reconciliation run, @Nullable List<Change> repairs) {
            return new View(
                    run.id(),
                    run.workload().name(),
                    run.from(),
                    run.until(),
                    run.repair(),
                    run.state(),
                    run.scheduled(),
                    run.by(),
                    run.instance(),
                    run.step(),
                    run.items(),
                    run.verified(),
                    run.findings(),
                    run.failure(),
                    run.startedAt(),
                    run.endedAt(),
                    repairs);
        }
    }

    /** @param row name of the summary's row, for example a model */
    record Change(
            String project,
            LocalDate day,
            String row,
            @JsonRawValue @Nullable String before,
            @JsonRawValue @Nullable String after,
            boolean applied,
            String by,
            Instant at) {

        static Change of(Reconciliations.Repaired repaired) {
            SummaryChange change = repaired.change();
            return new Change(
                    change.project(),
                    change.day(),
                    change.row(),
                    change.before(),
                    change.after(),
                    repaired.applied(),
                    repaired.by(),
                    repaired.at());
        }
    }

    /** Newest first. */
    @GetMapping
    List<View> list(@RequestParam(name = "workload", required = false) @Nullable String workload) {
        return reconciliations.list(workload == null ? null : parameters.workload(workload)).stream()
                .map(run -> View.of(run, null))
                .toList();
    }

    @GetMapping("/{id}")
    View show(@PathVariable("id") long id) {
        return reconciliations
                .find(id)
                .map(run -> View.of(
                        run,
                        reconciliations.repairs(id).stream().map(Change::of).toList()))
                .orElseThrow(() -> ApiException.notFound("there is no reconciliation " + id));
    }

    /**
     * {@code {workload, from, to, repair}}. Without a window: the last 24 hours; for {@code apply}, that of the newest dry
     * run. Runs in the background.
     */
    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    View order(
            @RequestHeader(name = Actors.HEADER, defaultValue = "unknown") String actor,
            @RequestBody Map<String, @Nullable Object> body) {
        var request = new RolloutRequest(body, Set.of("workload", "from", "to", "repair"));
        Workload workload = parameters.workload(request.text("workload"));
        String wanted = request.textOrNull("repair");
        Repair repair = wanted == null ? Repair.NONE : ReadParameters.required("repair", Repair.class, wanted);
        String by = Actors.of(actor).label();
        Answer answer;
        try {
            answer = reconciliations.order(order(workload, request, repair, by));
        } catch (IllegalArgumentException outOfBounds) {
            throw ApiException.badRequest(String.valueOf(outOfBounds.getMessage()));
        }
        return switch (answer) {
            case Answer.Started started -> View.of(started.run(), null);
            case Answer.Refused refused -> throw ApiException.conflict(refused.why());
        };
    }

    private Order order(Workload workload, RolloutRequest request, Repair repair, String by) {
        String from = request.textOrNull("from");
        String to = request.textOrNull("to");
        if (repair == Repair.APPLY && from == null && to == null) {
            Optional<Reconciliation> dry = reconciliations.repairable(workload);
            Reconciliation window = dry.orElseThrow(() -> ApiException.conflict(
                    "a repair needs a finished dry run of the same window, not older than an hour"));
            return new Order(workload, window.from(), window.until(), repair, false, by);
        }
        Instant until = ReadParameters.instant("to", to, clock.instant());
        Instant since = ReadParameters.instant("from", from, until.minus(DEFAULT_WINDOW));
        return new Order(workload, since, until, repair, false, by);
    }
}
