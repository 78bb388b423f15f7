package dev.shunt.console;

import dev.shunt.comparison.CanonicalDiff.Difference;
import dev.shunt.comparison.Probe;
import dev.shunt.comparison.Probes;
import dev.shunt.core.Route;
import dev.shunt.core.Workload;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Sends one made-up item over each route. */
@RestController
class ProbeController {

    private final Probes probes;
    private final ReadParameters parameters;

    ProbeController(Probes probes, ReadParameters parameters) {
        this.probes = probes;
        this.parameters = parameters;
    }

    record View(
            String id,
            String workload,
            Instant at,
            Probe.Result result,
            String words,
            List<Side> routes,
            List<Difference> differences) {}

    record Side(Route route, boolean stored, String words, Map<String, Double> stageMillis) {}

    /** Needs no body, and leaves nothing behind. Takes up to 20 s. */
    @PostMapping("/api/v1/rollouts/{workload}/probe")
    View probe(@PathVariable("workload") String name) {
        Workload workload = parameters.workload(name);
        Probe probe = probes.run(workload)
                .orElseThrow(() -> ApiException.conflict(workload + " cannot be probed: it brings no made-up items,"
                        + " or nothing to keep them apart"));
        return new View(
                probe.id(),
                workload.name(),
                probe.at(),
                probe.result(),
                probe.words(),
                probe.routes().stream()
                        .map(side -> new Side(side.route(), side.stored(), side.words(), new TreeMap<>(side.stages())))
                        .toList(),
                probe.differences());
    }
}
