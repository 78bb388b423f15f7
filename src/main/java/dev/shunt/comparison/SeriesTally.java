package dev.shunt.comparison;

import dev.shunt.comparison.CohortSeries.Point;
import dev.shunt.comparison.ComparisonReport.Latency;
import dev.shunt.core.Route;
import dev.shunt.core.WayIn;
import dev.shunt.store.CohortCounts;
import dev.shunt.store.CohortMinute;
import dev.shunt.store.CohortStage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes points of minutes that come in their order; only one span is in memory with its histograms. */
final class SeriesTally {

    private final long spanSeconds;
    private final List<Point> points = new ArrayList<>();
    private final Map<Cohort, Sums> open = new TreeMap<>();
    private Instant at = Instant.EPOCH;

    private record Cohort(Route route, WayIn wayIn) implements Comparable<Cohort> {

        @Override
        public int compareTo(Cohort other) {
            int byRoute = route.compareTo(other.route);
            return byRoute != 0 ? byRoute : wayIn.compareTo(other.wayIn);
        }
    }

    private static final class Sums {

        private CohortCounts counts = CohortCounts.NONE;
        private final Latencies latencies = new Latencies();
    }

    SeriesTally(Duration span) {
        this.spanSeconds = span.toSeconds();
    }

    void add(CohortMinute minute) {
        long seconds = minute.minute().getEpochSecond();
        Instant span = Instant.ofEpochSecond(seconds - Math.floorMod(seconds, spanSeconds));
        if (!span.equals(at)) {
            close();
            at = span;
        }
        Sums sums = open.computeIfAbsent(new Cohort(minute.decided(), minute.wayIn()), unseen -> new Sums());
        sums.counts = sums.counts.plus(minute.counts());
        byte[] packed = minute.latencies().get(CohortStage.ACCEPT_TO_COMMIT);
        if (packed != null) {
            sums.latencies.add(packed);
        }
    }

    List<Point> points() {
        close();
        return points;
    }

    private void close() {
        open.forEach((cohort, sums) -> {
            CohortCounts counts = sums.counts;
            Latency latency = sums.latencies.summary();
            points.add(new Point(
                    at,
                    cohort.route(),
                    cohort.wayIn(),
                    counts.accepted(),
                    counts.completed(),
                    counts.pending() + counts.open(),
                    counts.dead(),
                    counts.retried(),
                    counts.fallback(),
                    latency.n(),
                    latency.p50Ms(),
                    latency.p95Ms(),
                    latency.p99Ms()));
        });
        open.clear();
    }
}
