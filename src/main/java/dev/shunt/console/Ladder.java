package dev.shunt.console;

import dev.shunt.comparison.CohortSeries;
import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.Verdict;
import dev.shunt.core.Route;
import dev.shunt.rollout.Phase;
import dev.shunt.rollout.Plan;
import dev.shunt.rollout.Progress;
import dev.shunt.rollout.RolloutRow;
import dev.shunt.rollout.RolloutState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The phases of the plan as rungs. */
final class Ladder {

    private Ladder() {}

    /**
     * One rung. Public for the template engine.
     *
     * @param mood done, now, held, left or ahead
     * @param target share of Temporal that the plan wants
     * @param measured share that was routed to it lately; empty on rungs where the rollout does not stand
     */
    public record Rung(
            String name, String mood, String target, String measured, String state, String bake, String items) {}

    /**
     * What was routed where.
     *
     * @param temporal items decided to Temporal
     */
    record Shares(long temporal, long all) {

        static Shares of(@Nullable CohortSeries lately) {
            long temporal = 0;
            long all = 0;
            if (lately != null) {
                for (CohortSeries.Point point : lately.points()) {
                    all += point.accepted();
                    temporal += point.route() == Route.TEMPORAL ? point.accepted() : 0;
                }
            }
            return new Shares(temporal, all);
        }

        String words() {
            return all == 0 ? "" : PageWords.share(temporal, all);
        }
    }

    static List<Rung> of(Progress progress, Optional<Verdict> verdict, Shares shares, Instant now) {
        Plan plan = progress.plan();
        RolloutRow row = progress.standing().row();
        RolloutState state = progress.standing().state();
        boolean onLegacy = state == RolloutState.NOT_STARTED || state == RolloutState.ROLLED_BACK;
        List<Rung> rungs = new ArrayList<>();
        rungs.add(new Rung(
                "legacy only",
                onLegacy ? "now" : "done",
                "0 %",
                onLegacy ? shares.words() : "",
                onLegacy ? "here" : "done",
                "",
                ""));
        int current =
                row == null ? -1 : plan.phases().indexOf(plan.phase(row.phase()).orElse(null));
        for (int i = 0; i < plan.phases().size(); i++) {
            Phase phase = plan.phases().get(i);
            boolean here = i == current && state.active();
            String mood = mood(state, i, current);
            rungs.add(new Rung(
                    phase.name(),
                    mood,
                    plan.target(phase).toString(),
                    here ? shares.words() : "",
                    word(mood),
                    here ? left(progress, phase, now) : "bakes " + PageWords.duration(phase.bake()),
                    here ? items(phase, verdict) : "at least " + ReportPage.number(phase.minimumItems())));
        }
        return rungs;
    }

    private static String mood(RolloutState state, int i, int current) {
        if (state == RolloutState.COMPLETED) {
            return "done";
        }
        if (current < 0 || i > current) {
            return "ahead";
        }
        return i < current
                ? state.active() ? "done" : "ahead"
                : switch (state) {
                    case RUNNING -> "now";
                    case HELD -> "held";
                    default -> "left";
                };
    }

    private static String word(String mood) {
        return switch (mood) {
            case "now" -> "here, running";
            case "held" -> "here, held";
            case "left" -> "rolled back from here";
            case "done" -> "done";
            default -> "ahead";
        };
    }

    private static String left(Progress progress, Phase phase, Instant now) {
        return progress.bakeEndsAt()
                .map(end -> now.isBefore(end)
                        ? PageWords.duration(Duration.between(now, end)) + " of " + PageWords.duration(phase.bake())
                                + " left"
                        : "baked " + PageWords.duration(phase.bake()))
                .orElse("");
    }

    private static String items(Phase phase, Optional<Verdict> verdict) {
        String minimum = ReportPage.number(phase.minimumItems());
        return verdict.filter(made -> made.phase().equals(phase.name()))
                .flatMap(Ladder::seen)
                .map(items -> ReportPage.number(items) + " of " + minimum)
                .orElse("at least " + minimum);
    }

    /** Every gate judges with the items of the phase; the first that knows them tells. */
    private static Optional<Long> seen(Verdict verdict) {
        return verdict.findings().stream()
                .map(GateFinding::inputs)
                .flatMap(inputs -> inputs.get("items") instanceof Number items
                        ? Optional.of(items.longValue()).stream()
                        : Optional.<Long>empty().stream())
                .findFirst();
    }
}
