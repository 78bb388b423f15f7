package dev.shunt.comparison;

import dev.shunt.core.Preflight;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Whether every accepted item is somewhere. */
final class NothingMissing implements Preflight {

    private static final Duration WINDOW = Duration.ofHours(1);
    private static final int NAMED = 3;

    private final Comparisons comparisons;
    private final Clock clock;

    NothingMissing(Comparisons comparisons, Clock clock) {
        this.comparisons = comparisons;
        this.clock = clock;
    }

    @Override
    public String subject() {
        return "conservation";
    }

    @Override
    public boolean beforeEachRaise() {
        return false;
    }

    @Override
    public Finding check(Workload workload) {
        try {
            Instant now = clock.instant();
            ComparisonReport.Items items =
                    comparisons.report(workload, now.minus(WINDOW), now).conservation();
            Instant lookedAt = items.lookedAt();
            if (lookedAt == null) {
                return new Finding.Unknown("no look has succeeded yet on this instance; ask again in some seconds");
            }
            if (lookedAt.plus(comparisons.patience()).isBefore(now)) {
                return new Finding.Unknown(
                        "no look has succeeded on this instance since " + lookedAt + ", " + items.failures()
                                + " have failed since its start: its log says why; ask again when Redis and Postgres answer");
            }
            if (!items.missing().isEmpty()) {
                return new Finding.Refused(items.missing().size() + " accepted items are nowhere, for example "
                        + items.missing().stream().limit(NAMED).toList()
                        + ": find out what became of them (GET /api/v1/items/...) before more is moved");
            }
            return new Finding.Pass("of " + items.accepted() + " items accepted in the last hour " + items.done()
                    + " are done, " + items.inFlight() + " in flight, " + items.dead() + " dead, none missing");
        } catch (UnavailableException away) {
            return new Finding.Unknown(String.valueOf(away.getMessage()));
        }
    }
}
