package dev.shunt.comparison;

import dev.shunt.comparison.ComparisonReport.Cohort;
import dev.shunt.comparison.ComparisonReport.Latency;
import dev.shunt.comparison.ComparisonReport.Way;
import dev.shunt.core.WayIn;
import dev.shunt.store.CohortStage;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;

/** Adds up what one route was given: its cohorts by way in, and what belongs to no single one of them. */
final class RouteTally {

    private final Map<WayIn, CohortTally> ways = new EnumMap<>(WayIn.class);
    private long duplicatesAtDoor;
    private long deadLetters;

    RouteTally() {
        for (WayIn wayIn : WayIn.values()) {
            ways.put(wayIn, new CohortTally());
        }
    }

    CohortTally of(WayIn wayIn) {
        return Objects.requireNonNull(ways.get(wayIn));
    }

    void addDeadLetters(long messages) {
        deadLetters += messages;
    }

    void addDuplicatesAtDoor(long items) {
        duplicatesAtDoor += items;
    }

    Cohort cohort() {
        Map<WayIn, Way> done = new EnumMap<>(WayIn.class);
        Map<WayIn, Latency> latency = new EnumMap<>(WayIn.class);
        ways.forEach((wayIn, tally) -> {
            Way way = tally.way();
            done.put(wayIn, way);
            latency.put(wayIn, Objects.requireNonNull(way.stages().get(CohortStage.ACCEPT_TO_COMMIT)));
        });
        return new Cohort(
                sum(done, Way::accepted),
                sum(done, Way::completed),
                sum(done, Way::inFlight),
                sum(done, Way::failed),
                sum(done, Way::fallback),
                sum(done, Way::diverted),
                sum(done, Way::duplicates) + duplicatesAtDoor,
                duplicatesAtDoor,
                sum(done, Way::replays),
                deadLetters,
                latency,
                sum(done, Way::retried),
                done);
    }

    private static long sum(Map<WayIn, Way> ways, ToLongFunction<Way> figure) {
        return ways.values().stream().mapToLong(figure).sum();
    }
}
