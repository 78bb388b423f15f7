package dev.shunt.console;

import dev.shunt.core.Workload;
import dev.shunt.rollout.Preflights;
import java.util.List;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Looks at everything that must hold before a rollout. */
@RestController
class PreflightController {

    private final Preflights preflights;
    private final ReadParameters parameters;

    PreflightController(Preflights preflights, ReadParameters parameters) {
        this.preflights = preflights;
        this.parameters = parameters;
    }

    /**
     * @param result FAIL if one line fails, else UNKNOWN if one is not known, else PASS
     */
    record Answer(String workload, Preflights.Result result, List<Preflights.Line> lines) {}

    /** Needs no body and changes nothing. Takes up to 15 s. */
    @PostMapping("/api/v1/rollouts/{workload}/preflight")
    Answer run(@PathVariable("workload") String name) {
        Workload workload = parameters.workload(name);
        List<Preflights.Line> lines = preflights.run(workload);
        return new Answer(workload.name(), worst(lines), lines);
    }

    private static Preflights.Result worst(List<Preflights.Line> lines) {
        if (lines.stream().anyMatch(line -> line.result() == Preflights.Result.FAIL)) {
            return Preflights.Result.FAIL;
        }
        return lines.stream().anyMatch(line -> line.result() == Preflights.Result.UNKNOWN)
                ? Preflights.Result.UNKNOWN
                : Preflights.Result.PASS;
    }
}
