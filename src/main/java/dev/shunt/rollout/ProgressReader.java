package dev.shunt.rollout;

import dev.shunt.comparison.Gates;
import dev.shunt.comparison.Verdict;
import dev.shunt.core.Percentage;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads how far rollouts have come. */
public final class ProgressReader {

    private static final Logger log = LoggerFactory.getLogger(ProgressReader.class);

    private final RolloutStore store;
    private final Plans plans;
    private final Gates gates;
    private final Judge judge;

    ProgressReader(RolloutStore store, Plans plans, Gates gates, Judge judge) {
        this.store = store;
        this.plans = plans;
        this.gates = gates;
        this.judge = judge;
    }

    /**
     * What the gates say now, and what stands against leaving the phase.
     *
     * @param obstacles one sentence each; empty: it can be promoted or completed
     */
    public record Judged(Verdict verdict, List<String> obstacles) {}

    /** Empty if Postgres is away. */
    public Optional<Progress> progress(Workload workload) {
        try {
            return Optional.of(read(workload));
        } catch (UnavailableException away) {
            log.debug("The rollout of {} is shown as unknown: {}", workload, away.toString());
            return Optional.empty();
        }
    }

    /**
     * Asks the gates now; of a rollout that does not run, the last verdict that was kept. Empty if there is none.
     *
     * @throws UnavailableException if Postgres is away
     */
    public Optional<Judged> verdict(Workload workload) {
        Standing standing = store.read(workload);
        Optional<Judgement> judgement = judge.judge(standing);
        if (judgement.isPresent()) {
            return judgement.map(made -> new Judged(
                    made.verdict(),
                    made.obstacles().stream().map(Judgement.Obstacle::words).toList()));
        }
        RolloutRow row = standing.row();
        return row == null
                ? Optional.empty()
                : gates.latest(row.id())
                        .map(last -> new Judged(last, List.of("no rollout runs: it is " + standing.state())));
    }

    /**
     * A verdict that was kept.
     *
     * @throws UnavailableException if Postgres is away
     */
    public Optional<Verdict> kept(String id) {
        try {
            return Optional.of(gates.recorded(id));
        } catch (NoSuchElementException unknown) {
            return Optional.empty();
        }
    }

    private Progress read(Workload workload) {
        Standing standing = store.read(workload);
        Plan plan = plans.of(workload);
        RolloutRow row = standing.row();
        Optional<Phase> phase = row == null ? Optional.empty() : plan.phase(row.phase());
        return new Progress(
                standing,
                plan,
                phase,
                row == null ? Optional.empty() : gates.latest(row.id()),
                problems(standing, plan, phase));
    }

    private static List<String> problems(Standing standing, Plan plan, Optional<Phase> phase) {
        var problems = new ArrayList<String>();
        RolloutRow row = standing.row();
        if (row != null && row.state().active()) {
            if (!row.planHash().equals(plan.hash())) {
                problems.add("the plan in the configuration is not the one that the rollout was started with");
            }
            if (phase.isEmpty()) {
                problems.add("the plan has no phase " + row.phase() + " any more: no gate watches");
            }
            phase.map(plan::target)
                    .filter(target -> standing.effective().basisPoints() > target.basisPoints())
                    .ifPresent(target -> problems.add("the flag is at " + standing.effective() + ", above the " + target
                            + " of phase " + row.phase()));
        } else if (standing.state() == RolloutState.ROLLED_BACK
                && !standing.effective().equals(Percentage.ZERO)) {
            problems.add(
                    "the flag is at " + standing.effective() + " though the rollout is rolled back: no gate watches");
        }
        return problems;
    }
}
