package dev.shunt.console;

import dev.shunt.comparison.ComparisonReport;
import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateMode;
import dev.shunt.comparison.Verdict;
import dev.shunt.console.Ladder.Rung;
import dev.shunt.console.Ladder.Shares;
import dev.shunt.console.StepForms.StepForm;
import dev.shunt.core.InFlight;
import dev.shunt.core.Percentage;
import dev.shunt.rollout.Progress;
import dev.shunt.rollout.ProgressReader.Judged;
import dev.shunt.rollout.RolloutRow;
import dev.shunt.rollout.RolloutState;
import dev.shunt.rollout.Status;
import dev.shunt.routing.FlagSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The status page in words and lines, for a template that only arranges them; what is not known is empty, and
 * {@code problems} says why. Public for the template engine.
 *
 * @param at when it was put together
 * @param share what the flag says
 * @param measured what was routed lately
 * @param places where items are now
 * @param proof of the last rollback; null if there was none, or it is not known
 */
public record StatusPage(
        String workload,
        String at,
        String share,
        String state,
        String mood,
        String measured,
        String changed,
        List<String> problems,
        List<Rung> ladder,
        List<StepForm> steps,
        VerdictBox verdict,
        List<LatencyChart> latency,
        String latencyNote,
        List<ReportPage.GroupLine> groups,
        String groupsNote,
        List<Place> places,
        ReportPage.@Nullable Section cohorts,
        @Nullable ProofPage proof) {

    private static final String COMMITTED = "accept to commit";

    /** @param sentence all gates together */
    public record VerdictBox(String mood, String sentence, List<GateLine> gates) {}

    /** One gate. */
    public record GateLine(
            String name, String mood, String mark, String outcome, String words, String n, String mode) {}

    /** How many items are somewhere. */
    public record Place(String label, String number) {}

    static StatusPage of(Sight sight) {
        Status status = sight.status().value();
        Progress progress = sight.progress().value();
        Optional<Judged> judged = Stream.ofNullable(sight.verdict().value())
                .flatMap(Optional::stream)
                .findFirst();
        Shares shares = Shares.of(sight.lately().value());
        RolloutState state = progress == null ? null : progress.standing().state();
        ComparisonReport lastHour = sight.lastHour().value();
        return new StatusPage(
                sight.workload().name(),
                PageWords.time(sight.at()),
                status == null ? "not known" : effective(status, progress) + " to Temporal",
                progress == null
                        ? ""
                        : (sight.progress().problem() == null ? "" : "Last known: ") + state(progress, sight.at()),
                state == RolloutState.HELD ? "open" : state == RolloutState.ROLLED_BACK ? "bad" : "",
                measured(sight, shares),
                status == null ? "" : changed(status.flag()),
                problems(sight),
                progress == null ? List.of() : Ladder.of(progress, judged.map(Judged::verdict), shares, sight.at()),
                progress == null ? List.of() : StepForms.of(progress, judged),
                verdict(sight, judged, state),
                lastHour == null
                        ? List.of()
                        : LatencyChart.of(ReportMaker.latency(lastHour).stream()
                                .filter(stage -> stage.stage().equals(COMMITTED))
                                .toList()),
                lastHour == null ? "Not known." : "Nothing was stored in this time.",
                groups(sight),
                sight.groups().value() == null ? "Not known." : "None was seen.",
                places(sight),
                lastHour == null ? null : ReportPage.cohorts(lastHour),
                ProofPage.of(sight.proof(), sight.at()).orElse(null));
    }

    private static Percentage effective(Status status, @Nullable Progress progress) {
        FlagSnapshot flag = status.flag();
        return status.held() || !status.trusted() || (status.orderPending() && progress == null)
                ? Percentage.ZERO
                : flag.effective();
    }

    private static String state(Progress progress, Instant now) {
        RolloutRow row = progress.standing().row();
        return switch (progress.standing().state()) {
            case NOT_STARTED -> "No rollout was started";
            case RUNNING, HELD -> {
                RolloutRow running = java.util.Objects.requireNonNull(row);
                String since = " phase " + running.phase() + " for "
                        + PageWords.duration(Duration.between(running.phaseStartedAt(), now));
                yield running.state() == RolloutState.RUNNING
                        ? "Running," + since
                        : "Held," + since + ": " + running.heldBecause();
            }
            case ROLLED_BACK -> "Rolled back" + (row == null ? "" : cooldown(row, now));
            case COMPLETED -> "Completed";
        };
    }

    private static String cooldown(RolloutRow row, Instant now) {
        Instant until = row.cooldownUntil();
        return " from phase " + row.phase()
                + (until != null && now.isBefore(until)
                        ? ", cooling down for " + PageWords.duration(Duration.between(now, until))
                        : "");
    }

    private static String measured(Sight sight, Shares shares) {
        if (sight.lately().value() == null) {
            return "measured: not known";
        }
        return shares.all() == 0
                ? "measured: nothing was routed in the last 5 minutes"
                : "measured " + shares.words() + " of " + ReportPage.number(shares.all())
                        + " items in the last 5 minutes";
    }

    private static String changed(FlagSnapshot flag) {
        return flag.changedAt() == null
                ? "the flag was never set"
                : "set by " + flag.changedBy() + " at " + PageWords.time(flag.changedAt()) + ", epoch " + flag.epoch()
                        + ": " + flag.reason();
    }

    private static List<String> problems(Sight sight) {
        Set<String> problems = new LinkedHashSet<>();
        Status status = sight.status().value();
        if (status != null) {
            problems.addAll(status.problems());
            if (status.held()) {
                problems.add("this instance is held on legacy, whatever the flag says");
            }
            if (status.orderPending()) {
                problems.add("a rollback is ordered and obeyed, and not recorded yet: Postgres is away");
            }
        }
        sight.temporal().ifPresent(why -> problems.add("Temporal takes no items, they go to legacy: " + why));
        Progress progress = sight.progress().value();
        if (progress != null) {
            problems.addAll(progress.problems());
        }
        ComparisonReport report = sight.lastHour().value();
        if (report != null && !report.conservation().missing().isEmpty()) {
            problems.add(ReportPage.number(report.conservation().missing().size())
                    + " accepted items are nowhere: see GET /api/v1/comparison/" + sight.workload() + ", missing");
        }
        List.of(
                        sight.status(),
                        sight.progress(),
                        sight.verdict(),
                        sight.lately(),
                        sight.lastHour(),
                        sight.groups(),
                        sight.proof(),
                        sight.waiting())
                .stream()
                .map(PageWords::trouble)
                .filter(words -> !words.isEmpty())
                .forEach(problems::add);
        return new ArrayList<>(problems);
    }

    private static VerdictBox verdict(Sight sight, Optional<Judged> judged, @Nullable RolloutState state) {
        if (judged.isEmpty()) {
            return new VerdictBox(
                    "open",
                    sight.verdict().value() == null ? "Not known" : "No verdict: no rollout was started",
                    List.of());
        }
        Verdict verdict = judged.get().verdict();
        boolean now = state != null && state.active();
        String sentence = switch (verdict.outcome()) {
            case PASS -> "All gates pass";
            case FAIL -> "A gate fails";
            case INCONCLUSIVE -> "Nothing is wrong so far; more items are needed to say so";
            case NO_DATA -> "A gate has no data, which counts for nothing";
        };
        return new VerdictBox(
                PageWords.mood(verdict.outcome()),
                sentence + " (phase " + verdict.phase()
                        + (now ? ")" : ", last verdict, " + PageWords.time(verdict.at()) + ")"),
                verdict.findings().stream().map(StatusPage::line).toList());
    }

    private static GateLine line(GateFinding finding) {
        return new GateLine(
                finding.gate(),
                PageWords.mood(finding.outcome()),
                PageWords.mark(finding.outcome()),
                PageWords.outcome(finding.outcome()),
                finding.words(),
                ReportPage.number(finding.legacyItems()) + " / " + ReportPage.number(finding.temporalItems()),
                finding.mode() == GateMode.OBSERVE
                        ? "observed only"
                        : "on fail: " + finding.mode().name().toLowerCase(Locale.ROOT));
    }

    private static List<ReportPage.GroupLine> groups(Sight sight) {
        List<WindowReport.Group> groups = sight.groups().value();
        return groups == null
                ? List.of()
                : groups.stream()
                        .map(group -> ReportPage.line(group, ReportPage.PLAIN))
                        .toList();
    }

    private static List<Place> places(Sight sight) {
        List<Place> places = new ArrayList<>();
        InFlight.Counts counts = sight.waiting().value();
        places.add(new Place("waiting in the list", counts == null ? "?" : ReportPage.number(counts.waiting())));
        places.add(new Place("in a consumer's hand", counts == null ? "?" : ReportPage.number(counts.processing())));
        places.add(new Place("in flight on Temporal", counts == null ? "?" : ReportPage.number(counts.registered())));
        ComparisonReport report = sight.lastHour().value();
        long dead = report == null
                ? 0
                : report.routes().values().stream()
                        .mapToLong(ComparisonReport.Cohort::deadLetters)
                        .sum();
        places.add(new Place("dead letters, last hour", report == null ? "?" : ReportPage.number(dead)));
        return places;
    }
}
