package dev.shunt.comparison;

import dev.shunt.comparison.ComparisonReport.Cohort;
import dev.shunt.comparison.ComparisonReport.HiddenByRule;
import dev.shunt.comparison.ComparisonReport.Items;
import dev.shunt.core.InFlight;
import dev.shunt.core.InFlight.Entry;
import dev.shunt.core.InFlight.Open;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Route;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.store.Divergences;
import dev.shunt.store.IgnoreRules;
import dev.shunt.store.LedgerReports;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/** Makes the report that shows both routes side by side. */
public final class Comparisons {

    private final LedgerReports ledger;
    private final Divergences divergences;
    private final IgnoreRules rules;
    private final InFlight inFlight;
    private final Watches watches;

    Comparisons(LedgerReports ledger, Divergences divergences, IgnoreRules rules, InFlight inFlight, Watches watches) {
        this.ledger = ledger;
        this.divergences = divergences;
        this.rules = rules;
        this.inFlight = inFlight;
        this.watches = watches;
    }

    /**
     * @throws IllegalArgumentException if the workload is not known or the window is empty
     * @throws UnavailableException if Postgres cannot be read
     */
    public ComparisonReport report(Workload workload, Instant from, Instant until) {
        if (!from.isBefore(until)) {
            throw new IllegalArgumentException("from (" + from + ") must be before to (" + until + ")");
        }
        Watch watch = watches.of(workload);
        String redis = "up";
        Map<Route, Long> doorDuplicates = Map.of();
        Map<ItemKey, Route> unrecorded = new HashMap<>();
        try {
            doorDuplicates = inFlight.counts(workload).doorDuplicates();
            // page by page and before the ledger: an item that is settled in between is found there
            inFlight.open(workload, from, until, page -> unrecorded.putAll(unrecorded(workload, page)));
        } catch (UnavailableException away) {
            redis = String.valueOf(away.getMessage());
        }
        Map<Route, Cohort> routes = cohorts(workload, from, until, doorDuplicates, unrecorded);
        return new ComparisonReport(
                workload.name(),
                from,
                until,
                routes,
                items(routes, watch.conservation(), from, until),
                divergences.totals(workload, from, until),
                hidden(workload, from, until),
                watch.check().status(),
                redis);
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
    private Map<ItemKey, Route> unrecorded(Workload workload, List<Open> page) {
        Map<ItemKey, Route> unrecorded = new HashMap<>();
        page.forEach(open -> unrecorded.put(open.key(), open.decision().executed()));
        unrecorded.keySet().removeAll(ledger.recorded(workload, Set.copyOf(unrecorded.keySet())));
        return unrecorded;
    }

    private Map<Route, Cohort> cohorts(
            Workload workload,
            Instant from,
            Instant until,
            Map<Route, Long> doorDuplicates,
            Map<ItemKey, Route> unrecorded) {
        Map<Route, CohortTally> tallies = new EnumMap<>(Route.class);
        for (Route route : Route.values()) {
            tallies.put(route, new CohortTally());
        }
        ledger.cohorts(workload, from, until)
                .forEach(cohort -> of(tallies, cohort.decided()).add(cohort));
        ledger.deadWithoutRow(workload, from, until)
                .forEach((route, items) -> of(tallies, route).addFailed(items));
        ledger.deadLetters(workload, from, until)
                .forEach((route, messages) -> of(tallies, route).addDeadLetters(messages));
        doorDuplicates.forEach((route, items) -> of(tallies, route).addDuplicatesAtDoor(items));

        Map<ItemKey, Route> inFlightOnly = new HashMap<>(unrecorded);
        inFlightOnly.keySet().removeAll(ledger.recorded(workload, Set.copyOf(unrecorded.keySet())));
        inFlightOnly.values().forEach(route -> of(tallies, route).addInFlight());

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

    private static CohortTally of(Map<Route, CohortTally> tallies, Route route) {
        return tallies.computeIfAbsent(route, unseen -> new CohortTally());
    }

    private static long sum(Map<Route, Cohort> routes, ToLongFunction<Cohort> figure) {
        return routes.values().stream().mapToLong(figure).sum();
    }
}
