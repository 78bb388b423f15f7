package dev.shunt.rollout;

import dev.shunt.comparison.Comparisons;
import dev.shunt.comparison.GroupReports;
import dev.shunt.core.DeadLetterArchive;
import dev.shunt.core.DeadLetterList;
import dev.shunt.core.GroupState;
import dev.shunt.core.InFlight;
import dev.shunt.core.Percentage;
import dev.shunt.core.Route;
import dev.shunt.core.StandIn;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.WayIn;
import dev.shunt.core.Workload;
import dev.shunt.rollout.Preflights.Line;
import dev.shunt.rollout.Preflights.Result;
import dev.shunt.routing.InstanceState;
import dev.shunt.routing.Router;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** What must be so before a workload can do without its legacy route. */
public final class Retirement {

    private static final String DIVERGENCES = "open divergences";
    private static final String TIME = "time at full share";

    /** Lines that a person may pass over with a reason: nothing is lost by them. */
    static final Set<String> PASSED_OVER = Set.of(DIVERGENCES, TIME);

    private static final Duration PRODUCERS_QUIET = Duration.ofDays(1);
    private static final int LETTERS = 100;
    private static final int NAMED = 5;

    private final InFlight inFlight;
    private final StandIn standIn;
    private final DeadLetterArchive letters;
    private final DeadLetterList copies;
    private final Comparisons comparisons;
    private final GroupReports groups;
    private final RollbackProofs proofs;
    private final PinBook pins;
    private final Router router;
    private final FullShare fullShare;
    private final Function<Workload, Plan> plans;
    private final Clock clock;

    /** Since when a workload has been at its full share. */
    interface FullShare {

        /**
         * @param least the share that counts as full
         * @return empty if it is not there now
         */
        Optional<Instant> since(Workload workload, Percentage least);
    }

    Retirement(
            InFlight inFlight,
            StandIn standIn,
            DeadLetterArchive letters,
            DeadLetterList copies,
            Comparisons comparisons,
            GroupReports groups,
            RollbackProofs proofs,
            PinBook pins,
            Router router,
            FullShare fullShare,
            Function<Workload, Plan> plans,
            Clock clock) {
        this.inFlight = inFlight;
        this.standIn = standIn;
        this.letters = letters;
        this.copies = copies;
        this.comparisons = comparisons;
        this.groups = groups;
        this.proofs = proofs;
        this.pins = pins;
        this.router = router;
        this.fullShare = fullShare;
        this.plans = plans;
        this.clock = clock;
    }

    /** Every line must PASS. Takes a few seconds at most; what cannot be found out is UNKNOWN. */
    public List<Line> check(Workload workload) {
        return List.of(
                line("legacy list", () -> list(workload)),
                line("items in flight on legacy", () -> onLegacy(workload)),
                line("stand-in", () -> standIn(workload)),
                line("dead letters", () -> deadLetters(workload)),
                line("dead-letter list", () -> deadLetterList(workload)),
                line("producers on the list", () -> producers(workload)),
                line("pins to legacy", () -> pins(workload)),
                line("instances on legacy", () -> held(workload)),
                line(DIVERGENCES, () -> divergences(workload)),
                line("last rollback", () -> lastRollback(workload)),
                line(TIME, () -> time(workload)));
    }

    private static Line line(String subject, Supplier<Line> looking) {
        Line found;
        try {
            found = looking.get();
        } catch (UnavailableException away) {
            found = new Line("", Result.UNKNOWN, String.valueOf(away.getMessage()));
        }
        return new Line(subject, found.result(), found.words());
    }

    private static Line pass(String words) {
        return new Line("", Result.PASS, words);
    }

    private static Line fail(String words) {
        return new Line("", Result.FAIL, words);
    }

    private Line list(Workload workload) {
        InFlight.Counts counts = inFlight.counts(workload);
        return counts.waiting() + counts.processing() == 0
                ? pass("the list and all processing lists are empty")
                : fail(counts.waiting() + " messages wait in the list, " + counts.processing()
                        + " are in processing lists: let the consumers finish them");
    }

    /** What is on Temporal goes on coming and going; what is on legacy must have ended. */
    private Line onLegacy(Workload workload) {
        InFlight.Counts counts = inFlight.counts(workload);
        long legacy = Math.max(0, counts.booked() - counts.registered());
        return legacy == 0
                ? pass("the book holds nothing of the legacy route; " + counts.registered() + " items are on Temporal")
                : fail(legacy + " accepted items of the legacy route are not settled: wait, or look at them with"
                        + " GET /api/v1/waiting");
    }

    private Line standIn(Workload workload) {
        long standing = standIn.size(workload);
        return standing == 0
                ? pass("nothing waits in Postgres for Redis to come back")
                : fail(standing + " items wait in Postgres to enter the list: wait until Redis has taken them");
    }

    private Line deadLetters(Workload workload) {
        int dead = letters.list(new DeadLetterArchive.Filter(workload, DeadLetterArchive.State.DEAD, null, 0, LETTERS))
                .size();
        return dead == 0
                ? pass("none is left to be decided about")
                : fail((dead == LETTERS ? LETTERS + " or more" : dead)
                        + " dead letters are not decided about: replay or discard them (/api/v1/dead-letters)");
    }

    private Line deadLetterList(Workload workload) {
        long left = copies.size(workload);
        return left == 0
                ? pass("empty")
                : fail(left + " messages are in the dead-letter list of Redis: replay or discard their letters, or"
                        + " empty the list if an older worker left them");
    }

    private Line producers(Workload workload) {
        Instant now = clock.instant();
        long pushed = comparisons.report(workload, now.minus(PRODUCERS_QUIET), now).routes().values().stream()
                .flatMap(cohort -> Optional.ofNullable(cohort.ways().get(WayIn.TAP)).stream())
                .mapToLong(way -> way.accepted())
                .sum();
        return pushed == 0
                ? pass("nobody has pushed to the list for a day")
                : fail(pushed + " items came through the list within a day: point their producers at the door first");
    }

    private Line pins(Workload workload) {
        List<String> pinned = pins.list(workload).stream()
                .map(PinBook.Pinned::pin)
                .filter(pin -> pin.route() == Route.LEGACY)
                .map(pin -> pin.scope().name().toLowerCase(Locale.ROOT) + " " + pin.value())
                .toList();
        return pinned.isEmpty()
                ? pass("nobody is pinned to legacy")
                : fail(String.join(", ", pinned.subList(0, Math.min(NAMED, pinned.size())))
                        + (pinned.size() > NAMED ? " and " + (pinned.size() - NAMED) + " more are" : "")
                        + " pinned to legacy: release the pins first");
    }

    private Line held(Workload workload) {
        List<String> kept = router.instances(workload).stream()
                .filter(one -> one.live() && one.held())
                .map(InstanceState::id)
                .toList();
        return kept.isEmpty()
                ? pass("every live instance follows the flag")
                : fail(String.join(", ", kept)
                        + " keep to legacy (USE_TEMPORAL_WORKFLOWS=false): start them without it");
    }

    /** However long ago it was seen, also before the rollout began: what was found at 0 % is a finding too. */
    private Line divergences(Workload workload) {
        Instant now = clock.instant(); // an empty window: it is that of the rates only, which nobody asks for here
        long open = groups.groups(workload, now, now, false, 0, null).stream()
                .filter(group -> group.state() == GroupState.NEW || group.state() == GroupState.SEEN)
                .filter(group -> group.count() > 0)
                .count();
        return open == 0
                ? pass("no group of divergences is undecided")
                : fail(open + " groups of divergences are neither accepted nor fixed: decide about them"
                        + " (/api/v1/divergences/groups)");
    }

    private Line lastRollback(Workload workload) {
        return proofs.last(workload)
                .filter(last -> last.completedAt().isEmpty())
                .map(last -> fail("rollback " + last.id() + " is not complete: " + last.words()))
                .orElseGet(() -> pass("none is open"));
    }

    private Line time(Workload workload) {
        Plan plan = plans.apply(workload);
        var full = plan.target(plan.phases().getLast());
        Optional<Instant> since = fullShare.since(workload, full);
        if (since.isEmpty()) {
            return fail("the percentage is below " + full + ": go through the plan first");
        }
        Duration there = Duration.between(since.get(), clock.instant());
        return there.compareTo(plan.keepLegacy()) >= 0
                ? pass("at " + full + " since " + since.get())
                : fail("at " + full + " since " + since.get() + "; the plan keeps legacy until "
                        + since.get().plus(plan.keepLegacy()));
    }
}
