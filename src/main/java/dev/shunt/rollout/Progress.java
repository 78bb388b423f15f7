package dev.shunt.rollout;

import dev.shunt.comparison.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How far a rollout has come, for people.
 *
 * @param phase where it is, or was last; empty if none was ever started, or the plan does not know it any more
 * @param verdict the newest that was kept of it
 * @param problems what does not fit together, for a person
 */
public record Progress(
        Standing standing, Plan plan, Optional<Phase> phase, Optional<Verdict> verdict, List<String> problems) {

    public Progress {
        problems = List.copyOf(problems);
    }

    /** When the phase it is in has lasted long enough. */
    public Optional<Instant> bakeEndsAt() {
        RolloutRow row = standing.row();
        return row == null || !row.state().active()
                ? Optional.empty()
                : phase.map(now -> row.phaseStartedAt().plus(now.bake()));
    }
}
