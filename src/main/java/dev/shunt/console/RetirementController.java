package dev.shunt.console;

import dev.shunt.core.Workload;
import dev.shunt.rollout.Preflights;
import dev.shunt.rollout.Releases;
import dev.shunt.rollout.Releases.Release;
import dev.shunt.rollout.Retirement;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Shows what stands between a workload and the end of its legacy route, and afterwards whether Redis is still needed. */
@RestController
class RetirementController {

    private final Retirement retirement;
    private final Releases releases;
    private final ReadParameters parameters;

    RetirementController(Retirement retirement, Releases releases, ReadParameters parameters) {
        this.retirement = retirement;
        this.releases = releases;
        this.parameters = parameters;
    }

    /**
     * @param completedAt absent: the rollout is not completed
     * @param redisNeeded false: Redis can be switched off as far as this workload goes
     * @param releasedAt when that was first so
     * @param waitingFor what it is needed for, in words
     * @param checks the check list of {@code complete}; empty once it is completed
     */
    record Answer(
            String workload,
            @Nullable Instant completedAt,
            boolean redisNeeded,
            @Nullable Instant releasedAt,
            List<String> waitingFor,
            List<Preflights.Line> checks) {}

    /** Takes a few seconds at most. */
    @GetMapping("/api/v1/rollouts/{workload}/retirement")
    Answer show(@PathVariable("workload") String name) {
        Workload workload = parameters.workload(name);
        Release release = releases.of(workload);
        return new Answer(
                workload.name(),
                release.completedAt().orElse(null),
                release.redisNeeded(),
                release.releasedAt().orElse(null),
                release.waitingFor(),
                release.completedAt().isPresent() ? List.of() : retirement.check(workload));
    }
}
