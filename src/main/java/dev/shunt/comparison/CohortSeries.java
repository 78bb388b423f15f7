package dev.shunt.comparison;

import dev.shunt.core.Route;
import dev.shunt.core.WayIn;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A window cut into equal spans, for charts.
 *
 * @param spanSeconds length of a span, whole minutes; the first and the last may reach out of the window and count only
 *     what is inside
 * @param points in the order of their times; a cohort without items in a span has no point there
 */
public record CohortSeries(String workload, Instant from, Instant until, long spanSeconds, List<Point> points) {

    /**
     * One cohort in one span, as the ledger has it. Latencies are accept to commit in milliseconds; null where n is 0.
     *
     * @param at beginning of the span
     * @param failed ended as dead letters
     * @param n items that the latencies are made of
     */
    public record Point(
            Instant at,
            Route route,
            WayIn wayIn,
            long accepted,
            long completed,
            long inFlight,
            long failed,
            long retried,
            long fallback,
            long n,
            @Nullable Double p50Ms,
            @Nullable Double p95Ms,
            @Nullable Double p99Ms) {}
}
