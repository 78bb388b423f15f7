package dev.shunt.workloads.trace;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The trace workload, {@code shunt.trace.*}.
 *
 * @param pricing INLINE: the store statement prices and summarises at once; DEFERRED: later steps do it, as the old
 *     workflow did, for measuring the difference
 * @param activities LOCAL: the trace is stored by a local activity of its workflow task; REMOTE: every step is an
 *     ordinary activity, for measuring the difference
 * @param finishAfter age at which spans that a dead worker left pending are finished by the background pass;
 *     1 s..1 d
 * @param summaryWithin for how long the comparator may sum up one day; while today or yesterday takes longer, nobody can say
 *     that summaries agree, and the gate {@code divergence} has no data; 1 s..4 m
 */
@ConfigurationProperties("shunt.trace")
record TraceSettings(
        @DefaultValue("INLINE") Pricing pricing,
        @DefaultValue("LOCAL") Activities activities,
        @DefaultValue("1m") Duration finishAfter,
        @DefaultValue("30s") Duration summaryWithin) {

    /** When spans are priced. */
    enum Pricing {
        INLINE,
        DEFERRED
    }

    /** How the workflow runs its steps. */
    enum Activities {
        LOCAL,
        REMOTE
    }

    TraceSettings {
        if (finishAfter.compareTo(Duration.ofSeconds(1)) < 0 || finishAfter.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("shunt.trace.finish-after must be 1s..1d, was " + finishAfter);
        }
        if (summaryWithin.compareTo(Duration.ofSeconds(1)) < 0 || summaryWithin.compareTo(Duration.ofMinutes(4)) > 0) {
            throw new IllegalArgumentException("shunt.trace.summary-within must be 1s..4m, was " + summaryWithin);
        }
    }
}
