package dev.shunt.console;

import dev.shunt.comparison.PairReports;
import dev.shunt.comparison.ShadowSwitches;
import dev.shunt.core.Shadowing;
import dev.shunt.core.Shadowing.Mode;
import dev.shunt.core.Workload;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/** Shows and orders how many items are processed a second time. */
@RestController
@RequestMapping("/api/v1/shadow/{workload}")
class ShadowController {

    private final ShadowSwitches switches;
    private final PairReports pairs;
    private final ReadParameters parameters;

    ShadowController(ShadowSwitches switches, PairReports pairs, ReadParameters parameters) {
        this.switches = switches;
        this.pairs = pairs;
        this.parameters = parameters;
    }

    /**
     * What this instance does.
     *
     * @param active whether items are sampled now
     * @param readable whether orders could be read in the last five seconds; if not, nothing is sampled
     * @param waiting sampled items that have not ended here
     * @param bytesWaiting of their messages, all workloads together
     * @param problem why the last run that failed did
     */
    record View(
            String workload,
            BigDecimal percentage,
            Mode mode,
            boolean suspended,
            boolean active,
            boolean readable,
            Instant changedAt,
            String changedBy,
            String reason,
            long waiting,
            long bytesWaiting,
            @Nullable String problem) {}

    @GetMapping
    View show(@PathVariable("workload") String name) {
        return view(parameters.workload(name));
    }

    /** Ordering anew also lifts a suspension. */
    @RequestMapping(method = {RequestMethod.PUT, RequestMethod.POST})
    View order(
            @PathVariable("workload") String name,
            @RequestHeader(name = Actors.HEADER, defaultValue = "unknown") String actor,
            @RequestBody Map<String, @Nullable Object> body) {
        Workload workload = parameters.workload(name);
        var request = new RolloutRequest(body, Set.of("percentage", "mode", "reason"));
        switches.order(
                workload,
                request.percentage(),
                mode(body.get("mode")),
                Actors.of(actor).label(),
                request.reason());
        return view(workload);
    }

    private View view(Workload workload) {
        Shadowing order = switches.inForce(workload);
        return new View(
                workload.name(),
                order.share().percent(),
                order.mode(),
                order.suspended(),
                order.active(),
                switches.readable(),
                order.changedAt(),
                order.changedBy(),
                order.reason(),
                pairs.waiting(workload),
                pairs.bytesWaiting(),
                pairs.problem());
    }

    private static Mode mode(@Nullable Object sent) {
        if (sent == null) {
            return Mode.OTHER_ROUTE;
        }
        return Arrays.stream(Mode.values())
                .filter(mode -> mode.name().equals(sent))
                .findAny()
                .orElseThrow(() -> ApiException.badRequest("mode must be one of " + Arrays.toString(Mode.values())));
    }
}
