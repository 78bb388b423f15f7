package dev.shunt.console;

import dev.shunt.core.Workload;
import dev.shunt.rollout.Recalls;
import dev.shunt.rollout.Recalls.Recalled;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Takes back what is on Temporal already. */
@RestController
class RecallController {

    private final Recalls recalls;
    private final ReadParameters parameters;

    RecallController(Recalls recalls, ReadParameters parameters) {
        this.recalls = recalls;
        this.parameters = parameters;
    }

    /** @param remaining items registered afterwards; with a percentage of 0 there are none */
    record Answer(String workload, int moved, long remaining) {}

    /** Needs no body. Asks neither Postgres nor Temporal. */
    @PostMapping("/api/v1/rollouts/{workload}/recall")
    Answer recall(
            @PathVariable("workload") String name,
            @RequestHeader(name = Actors.HEADER, defaultValue = "unknown") String actor,
            @RequestBody(required = false) @Nullable Map<String, @Nullable Object> body) {
        Workload workload = parameters.workload(name);
        String reason = new RolloutRequest(body, Set.of("reason")).reasonOr("ordered without a reason");
        Recalled recalled = recalls.order(workload, Actors.of(actor), reason);
        return new Answer(workload.name(), recalled.moved(), recalled.remaining());
    }
}
