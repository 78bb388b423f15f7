package dev.shunt.console;

import dev.shunt.core.Workload;
import dev.shunt.rollout.ProgressReader;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Says in words what each gate finds, and what stands against going on; and what it found when a verdict was kept. */
@RestController
class VerdictController {

    private final ProgressReader progress;
    private final ReadParameters parameters;

    VerdictController(ProgressReader progress, ReadParameters parameters) {
        this.progress = progress;
        this.parameters = parameters;
    }

    /** Asks the gates now; of a rollout that does not run, the last verdict that was kept. */
    @GetMapping("/api/v1/rollouts/{workload}/verdict")
    VerdictView verdict(@PathVariable("workload") String name) {
        Workload workload = parameters.workload(name);
        return progress.verdict(workload)
                .map(judged -> VerdictView.of(judged.verdict(), judged.obstacles()))
                .orElseThrow(() -> ApiException.notFound("no verdict of " + name + " was ever made: start a rollout"));
    }

    /** One that a step rested on. */
    @GetMapping("/api/v1/verdicts/{id}")
    VerdictView kept(@PathVariable("id") String id) {
        return progress.kept(id)
                .map(verdict -> VerdictView.of(verdict, null))
                .orElseThrow(() -> ApiException.notFound("no verdict " + id + " was kept"));
    }
}
