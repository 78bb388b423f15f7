package dev.shunt.console;

import dev.shunt.console.RolloutView.Changed;
import dev.shunt.console.RolloutView.RolledBack;
import dev.shunt.core.Percentage;
import dev.shunt.core.Workload;
import dev.shunt.rollout.Rollback;
import dev.shunt.rollout.RolloutControl;
import dev.shunt.rollout.RolloutOperations;
import dev.shunt.rollout.RolloutOrder;
import dev.shunt.rollout.RolloutOutcome;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows the rollout of a workload, takes its steps, and takes everything back. */
@RestController
@RequestMapping("/api/v1/rollouts/{workload}")
class RolloutController {

    private static final Set<String> STEP = Set.of("reason", "override");

    private final RolloutControl control;
    private final RolloutOperations operations;
    private final RolloutOrders orders;
    private final RolloutViews views;
    private final ReadParameters parameters;

    RolloutController(
            RolloutControl control,
            RolloutOperations operations,
            RolloutOrders orders,
            RolloutViews views,
            ReadParameters parameters) {
        this.control = control;
        this.operations = operations;
        this.orders = orders;
        this.views = views;
        this.parameters = parameters;
    }

    @GetMapping
    ResponseEntity<RolloutView> show(@PathVariable("workload") String name) {
        return answer(views.view(parameters.workload(name)));
    }

    @PostMapping("/start")
    ResponseEntity<Changed> start(
            @PathVariable("workload") String name,
            @RequestHeader(name = Actors.HEADER, defaultValue = "unknown") String actor,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody Map<String, @Nullable Object> body) {
        return step(name, actor, ifMatch, body, operations::start);
    }

    @PostMapping("/promote")
    ResponseEntity<Changed> promote(
            @PathVariable("workload") String name,
            @RequestHeader(name = Actors.HEADER, defaultValue = "unknown") String actor,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody Map<String, @Nullable Object> body) {
        return step(name, actor, ifMatch, body, operations::promote);
    }

    @PostMapping("/hold")
    ResponseEntity<Changed> hold(
            @PathVariable("workload") String name,
            @RequestHeader(name = Actors.HEADER, defaultValue = "unknown") String actor,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody Map<String, @Nullable Object> body) {
        return step(name, actor, ifMatch, body, operations::hold);
    }

    @PostMapping("/resume")
    ResponseEntity<Changed> resume(
            @PathVariable("workload") String name,
            @RequestHeader(name = Actors.HEADER, defaultValue = "unknown") String actor,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody Map<String, @Nullable Object> body) {
        return step(name, actor, ifMatch, body, operations::resume);
    }

    @PostMapping("/complete")
    ResponseEntity<Changed> complete(
            @PathVariable("workload") String name,
            @RequestHeader(name = Actors.HEADER, defaultValue = "unknown") String actor,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody Map<String, @Nullable Object> body) {
        return step(name, actor, ifMatch, body, operations::complete);
    }

    @PostMapping("/percentage")
    ResponseEntity<Changed> percentage(
            @PathVariable("workload") String name,
            @RequestHeader(name = Actors.HEADER, defaultValue = "unknown") String actor,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody Map<String, @Nullable Object> body) {
        Workload workload = parameters.workload(name);
        var request = new RolloutRequest(body, Set.of("percentage", "reason", "override"));
        Percentage percentage = request.percentage();
        RolloutOrder order = orders.order(workload, actor, ifMatch, request);
        return orders.answer(order, operations.percentage(order, percentage));
    }

    /**
     * Needs no body: in an emergency one curl must do. 200 once it is recorded, 202 while it is obeyed but not
     * recorded; 409 only where there is no legacy route any more.
     */
    @PostMapping("/rollback")
    ResponseEntity<RolledBack> rollback(
            @PathVariable("workload") String name,
            @RequestHeader(name = Actors.HEADER, defaultValue = "unknown") String actor,
            @RequestBody(required = false) @Nullable Map<String, @Nullable Object> body) {
        Workload workload = parameters.workload(name);
        var request = new RolloutRequest(body, Set.of("reason", "inFlight"));
        String reason = request.reasonOr("rollback ordered without a reason");
        control.nowhereToGo(workload).ifPresent(why -> {
            throw ApiException.conflict(why);
        });
        Rollback rollback = control.rollback(workload, Actors.of(actor), reason, request.inFlightOrNull());
        var answer = ResponseEntity.status(rollback.recorded() ? HttpStatus.OK : HttpStatus.ACCEPTED);
        rollback.epoch().ifPresent(epoch -> answer.eTag("\"" + epoch.value() + "\""));
        return answer.body(RolledBack.of(rollback));
    }

    private ResponseEntity<Changed> step(
            String name,
            String actor,
            @Nullable String ifMatch,
            Map<String, @Nullable Object> body,
            Function<RolloutOrder, RolloutOutcome> step) {
        Workload workload = parameters.workload(name);
        RolloutOrder order = orders.order(workload, actor, ifMatch, new RolloutRequest(body, STEP));
        return orders.answer(order, step.apply(order));
    }

    private static ResponseEntity<RolloutView> answer(RolloutView view) {
        return ResponseEntity.ok()
                .eTag("\"" + view.epoch() + "\"")
                .cacheControl(CacheControl.noStore())
                .body(view);
    }
}
