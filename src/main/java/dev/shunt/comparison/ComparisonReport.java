package dev.shunt.comparison;

import dev.shunt.core.Divergence;
import dev.shunt.core.Route;
import dev.shunt.core.WayIn;
import dev.shunt.store.CohortStage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Both routes side by side, for the items accepted in {@code from <= t < until}.
 *
 * @param routes by decided route: what was routed to Temporal and fell back still counts as Temporal's
 * @param divergences distinct ones seen in the window, by kind, without those that an ignore rule hides
 * @param hidden what ignore rules hide of those seen in the window; empty if nothing is hidden
 * @param redis "up", or why what is in flight is known only as far as the ledger knows it
 * @param pinned items whose route a person chose, by the route that they ran on; in none of the figures above
 * @param pairs items that were processed a second time, in whole minutes
 */
public record ComparisonReport(
        String workload,
        Instant from,
        Instant until,
        Map<Route, Cohort> routes,
        Items conservation,
        Map<Divergence.Kind, Long> divergences,
        List<HiddenByRule> hidden,
        CheckerStatus checker,
        String redis,
        Map<Route, Pinned> pinned,
        PairReport pairs) {

    /**
     * Items that a person had pinned to a route. accepted = completed + inFlight + failed.
     *
     * @param inFlight as far as the ledger knows them: younger ones than 10 s are not in it yet
     */
    public record Pinned(long accepted, long completed, long inFlight, long failed) {}

    /**
     * accepted = completed + inFlight + failed.
     *
     * @param inFlight accepted and not done: waiting, running, or stored with a price or summary to be finished
     * @param failed ended as dead letters
     * @param fallback ran on the legacy route because the Temporal start failed
     * @param diverted ran on the other route, for whatever reason, fallbacks included
     * @param duplicates deliveries and acceptances that met their own item and changed nothing
     * @param duplicatesAtDoor those of them that were met at acceptance, counted over all time
     * @param replays repeats of a delivery after a crash
     * @param deadLetters messages that this route gave up in the window, also those that were never accepted
     * @param latency accept to commit; never compared across ways in
     * @param retried committed by a delivery that had to be tried more than once
     * @param ways the same figures for each way in by itself, with the latency of each stage and the cost of an item
     */
    public record Cohort(
            long accepted,
            long completed,
            long inFlight,
            long failed,
            long fallback,
            long diverted,
            long duplicates,
            long duplicatesAtDoor,
            long replays,
            long deadLetters,
            Map<WayIn, Latency> latency,
            long retried,
            Map<WayIn, Way> ways) {}

    /**
     * What one ignore rule hides.
     *
     * @param path as the rule says it
     * @param divergences distinct ones
     */
    public record HiddenByRule(
            long rule, String path, String owner, String reason, Instant expiresAt, long divergences) {}

    /**
     * The items of a route that came in one way, as in {@link Cohort}; duplicates without those met at acceptance.
     *
     * @param stages latency of each stage; replayed dead letters are left out
     */
    public record Way(
            long accepted,
            long completed,
            long inFlight,
            long failed,
            long retried,
            long fallback,
            long diverted,
            long duplicates,
            long replays,
            Map<CohortStage, Latency> stages,
            Cost cost) {}

    /**
     * Quantiles in milliseconds, to 3 significant digits, null where n is 0.
     *
     * @param n items they are made of
     * @param intervals 95 % confidence intervals, by {@code p50 p90 p95 p99 p999}; empty where n is 0
     */
    public record Latency(
            long n,
            @Nullable Double p50Ms,
            @Nullable Double p90Ms,
            @Nullable Double p95Ms,
            @Nullable Double p99Ms,
            @Nullable Double p999Ms,
            Map<String, Interval> intervals) {}

    /** Milliseconds; an end is null where n is too small to tell. */
    public record Interval(@Nullable Double lowMs, @Nullable Double highMs) {}

    /**
     * What an item costs, of those committed by deliveries that counted it.
     *
     * @param items how many those are
     * @param temporalActions billable actions on Temporal, all together
     * @param rowsWritten rows of Postgres, all together; summary rows, which many items share, are left out
     * @param temporalActionsEach per item; null without items
     * @param rowsWrittenEach per item; null without items
     */
    public record Cost(
            long items,
            long temporalActions,
            long rowsWritten,
            @Nullable Double temporalActionsEach,
            @Nullable Double rowsWrittenEach) {}

    /**
     * Where the accepted items are: accepted = done + inFlight + dead + those missing that were accepted in the window.
     *
     * @param missing keys that are nowhere, whenever they were accepted
     * @param forgotten those of them that the ledger has as OPEN and Redis's book has not: Redis lost its tail
     * @param redisRestartedAt when this instance noticed last that Redis had been started anew
     * @param lookedAt when that was found out; null if no look has succeeded yet
     * @param failures looks that could not be finished since the start
     */
    public record Items(
            long accepted,
            long done,
            long inFlight,
            long dead,
            List<String> missing,
            List<String> forgotten,
            @Nullable Instant redisRestartedAt,
            @Nullable Instant lookedAt,
            long failures) {}
}
