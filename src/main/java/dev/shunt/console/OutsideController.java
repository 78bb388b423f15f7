package dev.shunt.console;

import dev.shunt.comparison.OutsideStatus;
import dev.shunt.comparison.OutsideStatuses;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** How it stands with a worker outside that is the legacy side of a workload. */
@RestController
class OutsideController {

    private final OutsideStatuses statuses;
    private final ReadParameters parameters;

    OutsideController(OutsideStatuses statuses, ReadParameters parameters) {
        this.statuses = statuses;
        this.parameters = parameters;
    }

    @GetMapping("/api/v1/external/{workload}")
    OutsideStatus show(@PathVariable("workload") String name) {
        return statuses.of(parameters.workload(name));
    }
}
