package dev.shunt.console;

import dev.shunt.comparison.CheckerStatus;
import dev.shunt.comparison.ComparisonReport;
import dev.shunt.comparison.ComparisonReport.Cohort;
import dev.shunt.comparison.ComparisonReport.Latency;
import dev.shunt.comparison.ComparisonReport.Way;
import dev.shunt.comparison.Comparisons;
import dev.shunt.comparison.DivergenceLog;
import dev.shunt.comparison.GroupReports;
import dev.shunt.comparison.Judgement;
import dev.shunt.comparison.Judgement.Evidence;
import dev.shunt.comparison.OutsideStatus;
import dev.shunt.comparison.OutsideStatuses;
import dev.shunt.comparison.Reconciliations;
import dev.shunt.console.WindowReport.Example;
import dev.shunt.console.WindowReport.Group;
import dev.shunt.console.WindowReport.PhaseChange;
import dev.shunt.console.WindowReport.Run;
import dev.shunt.console.WindowReport.Stage;
import dev.shunt.core.Reconciliation;
import dev.shunt.core.Route;
import dev.shunt.core.WayIn;
import dev.shunt.core.Workload;
import dev.shunt.rollout.RolloutControl;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Puts the report of a workload and time together. */
@Component
final class ReportMaker {

    private static final int CHANGES = 1_000;
    private static final int RUNS = 20;

    private final Comparisons comparisons;
    private final GroupReports divergences;
    private final Reconciliations reconciliations;
    private final RolloutControl rollouts;
    private final OutsideStatuses outside;
    private final Clock clock;

    ReportMaker(
            Comparisons comparisons,
            GroupReports divergences,
            Reconciliations reconciliations,
            RolloutControl rollouts,
            OutsideStatuses outside,
            Clock clock) {
        this.outside = outside;
        this.comparisons = comparisons;
        this.divergences = divergences;
        this.reconciliations = reconciliations;
        this.rollouts = rollouts;
        this.clock = clock;
    }

    /** @throws dev.shunt.core.UnavailableException if Postgres cannot be read */
    WindowReport make(Workload workload, Instant from, Instant until) {
        Instant now = clock.instant();
        ComparisonReport comparison = comparisons.report(workload, from, until);
        List<Group> groups = groups(workload, from, until);
        OutsideStatus worker = outside.of(workload);
        return new WindowReport(
                workload.name(),
                from,
                until,
                now,
                Judgement.of(evidence(comparison, groups, worker, comparisons.unseen(workload))),
                phases(workload, from, until),
                latency(comparison),
                groups,
                runs(workload, from, until),
                worker.outside() || worker.problem() != null ? worker : null,
                comparison);
    }

    private List<Run> runs(Workload workload, Instant from, Instant until) {
        return reconciliations.list(workload).stream()
                .filter(run -> run.from().isBefore(until) && run.until().isAfter(from))
                .limit(RUNS)
                .map(this::run)
                .toList();
    }

    private Run run(Reconciliation run) {
        Map<String, Long> findings = new TreeMap<>();
        run.findings().forEach((kind, count) -> findings.put(kind.name(), count));
        return new Run(
                run.id(),
                run.from(),
                run.until(),
                run.state().name(),
                run.by(),
                run.startedAt(),
                run.endedAt(),
                run.items(),
                run.verified(),
                findings,
                run.repair().name(),
                run.repair() == Reconciliation.Repair.NONE
                        ? 0
                        : reconciliations.repairs(run.id()).size(),
                run.failure());
    }

    private static Evidence evidence(
            ComparisonReport comparison, List<Group> groups, OutsideStatus worker, List<String> unseen) {
        Cohort temporal = comparison.routes().get(Route.TEMPORAL);
        List<String> open = groups.stream()
                .filter(group -> group.count() > 0 && !group.state().equals("ACCEPTED"))
                .map(group -> group.kind() + " at " + group.path())
                .toList();
        long accepted = groups.stream()
                .filter(group -> group.count() > 0 && group.state().equals("ACCEPTED"))
                .count();
        return new Evidence(
                comparison.conservation().accepted(),
                comparison.conservation().missing().size(),
                open,
                (int) accepted,
                comparison.pairs().compared(),
                comparison.pairs().differing(),
                temporal == null ? 0 : temporal.completed(),
                blind(comparison, worker, unseen),
                comparison.pairs().failed() + comparison.pairs().timedOut());
    }

    private static List<String> blind(ComparisonReport comparison, OutsideStatus worker, List<String> unseen) {
        List<String> blind = new ArrayList<>();
        if (worker.problem() != null) {
            blind.add("what the worker outside did is not known: " + worker.problem());
        }
        CheckerStatus checker = comparison.checker();
        if (checker.backlog() > 0) {
            blind.add(checker.backlog() + " stored items have not been verified yet");
        }
        blind.addAll(unseen);
        if (comparison.pairs().waiting() > 0) {
            blind.add(comparison.pairs().waiting() + " shadow pairs still wait");
        }
        if (!comparison.redis().equals("up")) {
            blind.add("Redis could not be asked what is in flight: " + comparison.redis());
        }
        return blind;
    }

    List<Group> groups(Workload workload, Instant from, Instant until) {
        return divergences.groups(workload, from, until, true, null, null).stream()
                .map(group -> new Group(
                        group.kind().name(),
                        group.path(),
                        group.foundBy().stream().map(Enum::name).sorted().toList(),
                        group.count(),
                        group.hidden(),
                        group.rate(),
                        group.upperBound(),
                        basis(group.basis()),
                        group.state().name(),
                        group.firstSeen(),
                        group.lastSeen(),
                        group.examples().stream().map(ReportMaker::example).toList()))
                .toList();
    }

    private static String basis(GroupReports.@Nullable Basis basis) {
        return basis == null
                ? ""
                : ReportPage.number(basis.affected()) + " of " + ReportPage.number(basis.compared()) + " items";
    }

    private static Example example(DivergenceLog.Entry entry) {
        return new Example(
                entry.path(),
                entry.expected(),
                entry.actual(),
                entry.item(),
                entry.route() == null ? null : entry.route().name());
    }

    private List<PhaseChange> phases(Workload workload, Instant from, Instant until) {
        List<PhaseChange> phases = new ArrayList<>();
        for (RolloutControl.Change change : rollouts.history(workload, CHANGES).reversed()) {
            if (!change.changedAt().isBefore(until)) {
                break;
            }
            RolloutControl.Version to = change.to();
            BigDecimal percentage = to == null || !to.enabled()
                    ? BigDecimal.ZERO
                    : to.percentage().percent();
            var phase = new PhaseChange(
                    change.changedAt(), percentage, change.epoch(), change.changedBy(), change.reason());
            if (change.changedAt().isBefore(from)) {
                phases.clear(); // only the one that was in force at the beginning
            }
            phases.add(phase);
        }
        return phases;
    }

    // Stage by stage, so that the routes stand side by side.
    static List<Stage> latency(ComparisonReport comparison) {
        List<Stage> stages = new ArrayList<>();
        for (WayIn wayIn : WayIn.values()) {
            Map<String, List<Stage>> byStage = new LinkedHashMap<>();
            comparison.routes().forEach((route, cohort) -> {
                Way way = cohort.ways().get(wayIn);
                Map<? extends Enum<?>, Latency> measured = way == null ? Map.of() : way.stages();
                measured.forEach((stage, latency) -> {
                    if (latency.n() > 0) {
                        String name = stage.name().toLowerCase(Locale.ROOT).replace('_', ' ');
                        byStage.computeIfAbsent(name, unseen -> new ArrayList<>())
                                .add(stage(wayIn, name, route, latency));
                    }
                });
            });
            byStage.values().forEach(stages::addAll);
        }
        return stages;
    }

    private static Stage stage(WayIn wayIn, String name, Route route, Latency latency) {
        return new Stage(
                wayIn.name(),
                name,
                route.name(),
                latency.n(),
                latency.p50Ms(),
                latency.p90Ms(),
                latency.p95Ms(),
                latency.p99Ms(),
                latency.p999Ms());
    }
}
