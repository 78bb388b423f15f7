package dev.shunt.comparison;

import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.store.HiddenPairs;
import dev.shunt.store.ShadowMinutes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What came of shadow pairs, and how they do now. */
public final class PairReports {

    private static final Logger log = LoggerFactory.getLogger(PairReports.class);

    private final ShadowMinutes minutes;
    private final HiddenPairs hidden;
    private final PairTally tally;
    private final SampledQueue queue;
    private final ShadowPairs pairs;

    PairReports(ShadowMinutes minutes, HiddenPairs hidden, PairTally tally, SampledQueue queue, ShadowPairs pairs) {
        this.minutes = minutes;
        this.hidden = hidden;
        this.tally = tally;
        this.queue = queue;
        this.pairs = pairs;
    }

    /**
     * Of the items accepted in {@code from <= t < until}, in whole minutes.
     *
     * @throws UnavailableException if Postgres cannot be read
     */
    public PairReport report(Workload workload, Instant from, Instant until) {
        long waiting = tally.waiting(workload); // before the counts: what ends in between is in them
        try {
            tally.flush();
        } catch (UnavailableException away) {
            log.debug("Pairs of the last second are not in the report", away);
        }
        return PairReport.of(minutes.sums(workload, from, until), hidden.counts(workload, from, until), waiting);
    }

    /** Sampled items of a workload that have not ended, on this instance. */
    public long waiting(Workload workload) {
        return tally.waiting(workload);
    }

    /** Bytes of the messages that wait on this instance, of all workloads. */
    public long bytesWaiting() {
        return queue.bytes();
    }

    /** Why the last run that failed on this instance did; null if none did since one succeeded. */
    public @Nullable String problem() {
        return pairs.problem();
    }
}
