package dev.shunt.comparison;

import dev.shunt.core.Divergence.FoundBy;
import dev.shunt.core.Workload;
import java.time.Instant;

/** What the rate of a divergence is measured against that only shadow pairs found: all pairs compared, in either mode. */
final class ComparedPairs implements ComparedItems {

    private final PairReports pairs;

    ComparedPairs(PairReports pairs) {
        this.pairs = pairs;
    }

    @Override
    public FoundBy by() {
        return FoundBy.SHADOW;
    }

    @Override
    public long compared(Workload workload, Instant from, Instant until) {
        return pairs.report(workload, from, until).routes().stream()
                .mapToLong(PairReport.Line::compared)
                .sum();
    }
}
