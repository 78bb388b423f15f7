package dev.shunt.comparison;

import dev.shunt.comparison.ComparisonReport.Cohort;
import dev.shunt.comparison.ComparisonReport.HiddenByRule;
import dev.shunt.comparison.ComparisonReport.Items;
import dev.shunt.comparison.ComparisonReport.Pinned;
import dev.shunt.core.InFlight;
import dev.shunt.core.InFlight.Entry;
import dev.shunt.core.InFlight.Open;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.store.CohortReads;
import dev.shunt.store.CohortReads.Moment;
import dev.shunt.store.Divergences;
import dev.shunt.store.IgnoreRules;
import dev.shunt.store.LedgerReports;
import dev.shunt.store.LedgerReports.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/** Makes the report that shows both routes side by side. */
public final class Comparisons {

    private static final Duration HOUR = Duration.ofHours(1);

    private final CohortReads cohorts;
    private final LedgerReports ledger;
    private final Divergences divergences;
    private final IgnoreRules rules;
    private final InFlight inFlight;
    private final Watches watches;
    private final Pairs pairs;

    Comparisons(
            CohortReads cohorts,
            LedgerReports ledger,
            Divergences divergences,
            IgnoreRules rules,
            InFlight inFlight,
            Watches watches,
            Pairs pairs) {
        this.cohorts = cohorts;
        this.ledger = ledger;
        this.divergences = divergences;
        this.rules = rules;
        this.inFlight = inFlight;
        this.watches = watches;
        this.pairs = pairs;
    }

    /** Tells what came of shadow pairs of the items accepted in a window. */
    interface Pairs {
        PairReport report(Workload workload, Instant from, Instant until);
    }

    /**
     * @throws IllegalArgumentException if the workload is not known or the window is empty
     * @throws UnavailableException if Postgres cannot be read
     */
    public ComparisonReport report(Workload workload, Instant from, Instant until) {
        check(from, until);
        Watch watch = watches.of(workload);
        String redis = "up";
        Map<Route, Long> doorDuplicates = Map.of();
        Map<ItemKey, Member> unrecorded = new HashMap<>();
        try {
            doorDuplicates = inFlight.counts(workload).doorDuplicates();
            // before the ledger: an item that is settled in between is found there. What is in flight for longer has a
            // row, so that a full book costs little
            Instant copied = ledger.copiedUntil(workload);
            Instant young = copied.isAfter(from) ? copied : from;
            if (young.isBefore(until)) {
                inFlight.open(workload, young, until, page -> unrecorded.putAll(unrecorded(workload, page)));
            }
        } catch (UnavailableException away) {
            redis = String.valueOf(away.getMessage());
        }
        Map<Route, Long> atDoor = doorDuplicates;
        Map<Route, Cohort> routes =
                cohorts.atOneMoment(moment -> tally(workload, from, until, atDoor, unrecorded, moment));
        return new ComparisonReport(
                workload.name(),
                from,
                until,
                routes,
                items(routes, watch.conservation(), from, until),
                divergences.totals(workload, from, until),
                hidden(workload, from, until),
                watch.check().status(),
                redis,
                pinned(workload, from, until),
                pairs.report(workload, from, until));
    }

    /**
     * What is not known of a workload because the comparator itself has failed for a while, one clause each; empty if it
     * has not.
     *
     * @throws UnavailableException if Postgres cannot be read
     */
    public List<String> unseen(Workload workload) {
        return watches.unseen(workload);
    }

    /** How old a look for missing items may be that something is said by. */
    Duration patience() {
        return watches.patience();
    }

    /**
     * The window in at most so many spans.
     *
     * @param points 1..1000
     * @throws IllegalArgumentException if the workload is not known or the window is empty
     * @throws UnavailableException if Postgres cannot be read
     */
    public CohortSeries series(Workload workload, Instant from, Instant until, int points) {
        check(from, until);
        watches.of(workload);
        Duration span = spanFor(from, until, points);
        var tally = new SeriesTally(span);
        List<CohortSeries.Point> found = cohorts.atOneMoment(moment -> {
            if (span.toSeconds() % HOUR.toSeconds() == 0) {
                moment.hours(workload, from, until, tally::add);
            } else {
                moment.minutes(workload, from, until, tally::add);
            }
            return tally.points();
        });
        return new CohortSeries(workload.name(), from, until, span.toSeconds(), found);
    }

    /**
     * Spans begin at multiples of their length, so one more than the window is long may touch it. Above an hour they are
     * whole hours, of which there are sums.
     */
    private static Duration spanFor(Instant from, Instant until, int points) {
        if (points < 1 || points > 1_000) {
            throw new IllegalArgumentException("points must be 1..1000, was " + points);
        }
        long minutes =
                Math.max(1, Math.ceilDiv(Duration.between(from, until).toSeconds(), 60L * Math.max(1, points - 1)));
        return Duration.ofMinutes(minutes <= HOUR.toMinutes() ? minutes : Math.ceilDiv(minutes, 60) * 60);
    }

    private static void check(Instant from, Instant until) {
        if (!from.isBefore(until)) {
            throw new IllegalArgumentException("from (" + from + ") must be before to (" + until + ")");
        }
    }

    private Map<Route, Pinned> pinned(Workload workload, Instant from, Instant until) {
        Map<Route, Pinned> pinned = new EnumMap<>(Route.class);
        ledger.pinned(workload, from, until)
                .forEach(items -> pinned.put(
                        items.executed(),
                        new Pinned(items.accepted(), items.completed(), items.inFlight(), items.failed())));
        return pinned;
    }

    private List<HiddenByRule> hidden(Workload workload, Instant from, Instant until) {
        return rules.counts(workload, from, until).stream()
                .map(count -> new HiddenByRule(
                        count.rule(),
                        count.path(),
                        count.owner(),
                        count.reason(),
                        count.expiresAt(),
                        count.divergences()))
                .toList();
    }

    /** Few: what is in flight for a while is in the ledger as OPEN. */
    private Map<ItemKey, Member> unrecorded(Workload workload, List<Open> page) {
        Map<ItemKey, Member> unrecorded = new HashMap<>();
        page.stream()
                .filter(open -> open.decision().reason() != Reason.PINNED)
                .forEach(open -> unrecorded.put(
                        open.key(), new Member(open.key(), open.decision().decided(), open.wayIn())));
        unrecorded.keySet().removeAll(ledger.recorded(workload, Set.copyOf(unrecorded.keySet())));
        return unrecorded;
    }

    private static Map<Route, Cohort> tally(
            Workload workload,
            Instant from,
            Instant until,
            Map<Route, Long> doorDuplicates,
            Map<ItemKey, Member> unrecorded,
            Moment moment) {
        Map<Route, RouteTally> tallies = new EnumMap<>(Route.class);
        for (Route route : Route.values()) {
            tallies.put(route, new RouteTally());
        }
        moment.hours(
                workload,
                from,
                until,
                minute -> of(tallies, minute.decided()).of(minute.wayIn()).add(minute));
        LedgerReports ledger = moment.ledger();
        ledger.diedOtherwise(workload, from, until)
                .forEach(died -> of(tallies, died.decided()).of(died.wayIn()).add(died));
        ledger.deadLetters(workload, from, until)
                .forEach((route, messages) -> of(tallies, route).addDeadLetters(messages));
        doorDuplicates.forEach((route, items) -> of(tallies, route).addDuplicatesAtDoor(items));

        Map<ItemKey, Member> inFlightOnly = new HashMap<>(unrecorded);
        ledger.replaying(workload, from, until).forEach(item -> inFlightOnly.putIfAbsent(item.key(), item));
        inFlightOnly.keySet().removeAll(ledger.recorded(workload, Set.copyOf(inFlightOnly.keySet())));
        inFlightOnly
                .values()
                .forEach(item -> of(tallies, item.decided()).of(item.wayIn()).addInFlight());

        Map<Route, Cohort> cohorts = new EnumMap<>(Route.class);
        tallies.forEach((route, tally) -> cohorts.put(route, tally.cohort()));
        return cohorts;
    }

    private static Items items(Map<Route, Cohort> routes, Conservation conservation, Instant from, Instant until) {
        Conservation.Look look = conservation.last();
        List<String> missing =
                look.missing().keySet().stream().sorted().map(ItemKey::value).toList();
        long missingHere = look.missing().values().stream()
                .filter(entry -> within(entry, from, until))
                .count();
        long inFlight = sum(routes, Cohort::inFlight);
        return new Items(
                sum(routes, Cohort::accepted),
                sum(routes, Cohort::completed),
                Math.max(0, inFlight - missingHere),
                sum(routes, Cohort::failed),
                missing,
                look.forgotten().stream().sorted().map(ItemKey::value).toList(),
                look.redisRestartedAt(),
                look.at(),
                conservation.failures());
    }

    private static boolean within(Entry entry, Instant from, Instant until) {
        return !entry.acceptedAt().isBefore(from) && entry.acceptedAt().isBefore(until);
    }

    private static RouteTally of(Map<Route, RouteTally> tallies, Route route) {
        return tallies.computeIfAbsent(route, unseen -> new RouteTally());
    }

    private static long sum(Map<Route, Cohort> routes, ToLongFunction<Cohort> figure) {
        return routes.values().stream().mapToLong(figure).sum();
    }
}
