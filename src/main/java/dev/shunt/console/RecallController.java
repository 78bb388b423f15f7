package dev.shunt.console;

import dev.shunt.core.Workload;
import dev.shunt.rollout.Recalls;
import dev.shunt.rollout.Recalls.Recalled;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Takes back what is on Temporal already. */
@RestController
class RecallController {

    private final Recalls recalls;
    private final RolloutOrders orders;
    private final ReadParameters parameters;

    RecallController(Recalls recalls, RolloutOrders orders, ReadParameters parameters) {
        this.recalls = recalls;
        this.orders = orders;
        this.parameters = parameters;
    }

    /** @param remaining items registered afterwards; with a percentage of 0 there are none */
    record Answer(String workload, int moved, long remaining) {}

    /**
     * Needs a version as the other orders do, and no body. Asks neither Postgres nor Temporal: the version is compared with
     * what this instance obeys and with the fence in Redis, and who raises the percentage meanwhile may find items recalled.
     */
    @PostMapping("/api/v1/rollouts/{workload}/recall")
    Answer recall(
            @PathVariable("workload") String name,
            @RequestHeader(name = Actors.HEADER, defaultValue = "unknown") String actor,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody(required = false) @Nullable Map<String, @Nullable Object> body) {
        Workload workload = parameters.workload(name);
        String reason = new RolloutRequest(body, Set.of("reason")).reasonOr("ordered without a reason");
        orders.mustBeInForce(workload, ifMatch);
        Recalled recalled = recalls.order(workload, Actors.of(actor), reason);
        return new Answer(workload.name(), recalled.moved(), recalled.remaining());
    }
}
