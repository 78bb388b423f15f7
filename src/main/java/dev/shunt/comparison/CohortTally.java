package dev.shunt.comparison;

import dev.shunt.comparison.ComparisonReport.Cohort;
import dev.shunt.comparison.ComparisonReport.Latency;
import dev.shunt.core.WayIn;
import dev.shunt.store.LedgerReports;
import java.util.EnumMap;
import java.util.Map;

/** Adds up one route's cohort from the ledger, the acceptance book and the dead letters. */
final class CohortTally {

    private long completed;
    private long inFlight;
    private long failed;
    private long fallback;
    private long diverted;
    private long duplicates;
    private long duplicatesAtDoor;
    private long replays;
    private long deadLetters;
    private final Map<WayIn, Latency> latency = new EnumMap<>(WayIn.class);

    CohortTally() {
        for (WayIn wayIn : WayIn.values()) {
            latency.put(wayIn, new Latency(0, null, null, null));
        }
    }

    void add(LedgerReports.Cohort recorded) {
        completed += recorded.completed();
        inFlight += recorded.pending() + recorded.open();
        failed += recorded.dead();
        fallback += recorded.fallback();
        diverted += recorded.diverted();
        duplicates += recorded.duplicates();
        replays += recorded.replays();
        latency.put(recorded.wayIn(), latencyOf(recorded.latency()));
    }

    void addInFlight() {
        inFlight++;
    }

    void addFailed(long items) {
        failed += items;
    }

    void addDeadLetters(long messages) {
        deadLetters += messages;
    }

    void addDuplicatesAtDoor(long items) {
        duplicates += items;
        duplicatesAtDoor += items;
    }

    Cohort cohort() {
        return new Cohort(
                completed + inFlight + failed,
                completed,
                inFlight,
                failed,
                fallback,
                diverted,
                duplicates,
                duplicatesAtDoor,
                replays,
                deadLetters,
                latency);
    }

    private static Latency latencyOf(LedgerReports.Latency recorded) {
        if (recorded.n() == 0) {
            return new Latency(0, null, null, null);
        }
        return new Latency(
                recorded.n(),
                microseconds(recorded.p50Millis()),
                microseconds(recorded.p95Millis()),
                microseconds(recorded.p99Millis()));
    }

    private static double microseconds(double millis) {
        return Math.round(millis * 1_000) / 1_000.0;
    }
}
