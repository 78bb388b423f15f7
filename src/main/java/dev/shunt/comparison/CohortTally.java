package dev.shunt.comparison;

import dev.shunt.comparison.ComparisonReport.Cost;
import dev.shunt.comparison.ComparisonReport.Latency;
import dev.shunt.comparison.ComparisonReport.Way;
import dev.shunt.store.CohortCounts;
import dev.shunt.store.CohortMinute;
import dev.shunt.store.CohortStage;
import dev.shunt.store.LedgerReports.Died;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adds up one cohort: one decided route and one way in. */
final class CohortTally {

    private CohortCounts recorded = CohortCounts.NONE;
    private long failedOtherwise;
    private long failedUnrecorded;
    private long inFlightUnrecorded;
    private final Map<CohortStage, Latencies> latencies = new EnumMap<>(CohortStage.class);

    void add(CohortMinute minute) {
        recorded = recorded.plus(minute.counts());
        minute.latencies()
                .forEach((stage, packed) -> latencies
                        .computeIfAbsent(stage, unseen -> new Latencies())
                        .add(packed));
    }

    void add(Died died) {
        failedOtherwise += died.pending() + died.open();
        failedUnrecorded += died.unknown();
    }

    void addInFlight() {
        inFlightUnrecorded++;
    }

    Way way() {
        long inFlight = recorded.pending() + recorded.open() - failedOtherwise + inFlightUnrecorded;
        long failed = recorded.dead() + failedOtherwise + failedUnrecorded;
        Map<CohortStage, Latency> stages = new EnumMap<>(CohortStage.class);
        for (CohortStage stage : CohortStage.values()) {
            stages.put(
                    stage,
                    latencies.computeIfAbsent(stage, unseen -> new Latencies()).summary());
        }
        return new Way(
                recorded.completed() + inFlight + failed,
                recorded.completed(),
                inFlight,
                failed,
                recorded.retried(),
                recorded.fallback(),
                recorded.diverted(),
                recorded.duplicates(),
                recorded.replays(),
                stages,
                cost());
    }

    private Cost cost() {
        return new Cost(
                recorded.costed(),
                recorded.temporalActions(),
                recorded.rowsWritten(),
                each(recorded.temporalActions()),
                each(recorded.rowsWritten()));
    }

    private @Nullable Double each(long sum) {
        return recorded.costed() == 0 ? null : (double) sum / recorded.costed();
    }
}
