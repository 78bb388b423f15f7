package dev.shunt.console;

import dev.shunt.core.Epoch;
import dev.shunt.core.Workload;
import dev.shunt.rollout.Rehearsal;
import dev.shunt.rollout.Rehearsal.Outcome;
import dev.shunt.rollout.Rehearsals;
import dev.shunt.rollout.Rehearsals.Answer;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Rehearses the rollback under live traffic, and shows the rehearsals of before. */
@RestController
@RequestMapping("/api/v1/rollouts/{workload}")
class RehearsalController {

    private static final int MOST = 100;

    private final Rehearsals rehearsals;
    private final RolloutOrders orders;
    private final ReadParameters parameters;

    RehearsalController(Rehearsals rehearsals, RolloutOrders orders, ReadParameters parameters) {
        this.rehearsals = rehearsals;
        this.orders = orders;
        this.parameters = parameters;
    }

    /** What is not known is absent. */
    record View(
            String id,
            String workload,
            Outcome outcome,
            String words,
            String orderedBy,
            boolean verified,
            String reason,
            BigDecimal fromPercentage,
            @Nullable String rollback,
            Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable Long flipToObeyedMillis,
            @Nullable Long inFlightToZeroMillis,
            @Nullable Long inFlightAtFirst,
            @Nullable Long restoredEpoch,
            List<Flip> instances) {

        record Flip(String id, @Nullable Long millis) {}

        static View of(Rehearsal rehearsal) {
            return new View(
                    rehearsal.id(),
                    rehearsal.workload().name(),
                    rehearsal.outcome(),
                    rehearsal.words(),
                    rehearsal.orderedBy(),
                    rehearsal.verified(),
                    rehearsal.reason(),
                    rehearsal.from().percent(),
                    rehearsal.rollback().orElse(null),
                    rehearsal.startedAt(),
                    rehearsal.endedAt().orElse(null),
                    number(rehearsal.obeyedMillis()),
                    number(rehearsal.zeroMillis()),
                    number(rehearsal.atFirst()),
                    rehearsal.restored().map(Epoch::value).orElse(null),
                    rehearsal.instances().stream()
                            .map(flip -> new Flip(flip.instance(), number(flip.millis())))
                            .toList());
        }

        private static @Nullable Long number(OptionalLong value) {
            return value.isPresent() ? value.getAsLong() : null;
        }
    }

    /** Answers when it is over: 200 also when it failed, its outcome says so. */
    @PostMapping("/rehearsal")
    View rehearse(
            @PathVariable("workload") String name,
            @RequestHeader(name = Actors.HEADER, defaultValue = "unknown") String actor,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestBody(required = false) @Nullable Map<String, @Nullable Object> body) {
        Workload workload = parameters.workload(name);
        String reason = new RolloutRequest(body, Set.of("reason")).reasonOr("ordered without a reason");
        return switch (rehearsals.run(workload, Actors.of(actor), reason, orders.expected(workload, ifMatch))) {
            case Answer.Refused refused -> throw ApiException.conflict(refused.why());
            case Answer.Overtaken overtaken -> throw RolloutOrders.overtaken(overtaken.theirs());
            case Answer.Done done -> View.of(done.rehearsal());
        };
    }

    @GetMapping("/rehearsals")
    List<View> latest(
            @PathVariable("workload") String name, @RequestParam(name = "limit", defaultValue = "20") int limit) {
        Workload workload = parameters.workload(name);
        ReadParameters.between("limit", limit, 1, MOST);
        return rehearsals.latest(workload, limit).stream().map(View::of).toList();
    }
}
