package dev.shunt.console;

import dev.shunt.comparison.CohortSeries;
import dev.shunt.comparison.ComparisonReport;
import dev.shunt.comparison.Comparisons;
import dev.shunt.core.Workload;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Both routes side by side. */
@RestController
class ComparisonController {

    private static final Duration DEFAULT_WINDOW = Duration.ofHours(24);

    private final Comparisons comparisons;
    private final ReadParameters parameters;
    private final Clock clock;

    ComparisonController(Comparisons comparisons, ReadParameters parameters, Clock clock) {
        this.comparisons = comparisons;
        this.parameters = parameters;
        this.clock = clock;
    }

    /** Of the items accepted in {@code from <= t < to}; the last 24 hours when not said otherwise. */
    @GetMapping("/api/v1/comparison/{workload}")
    ComparisonReport compare(
            @PathVariable("workload") String name,
            @RequestParam(name = "from", required = false) @Nullable String from,
            @RequestParam(name = "to", required = false) @Nullable String to) {
        Workload workload = parameters.workload(name);
        Window window = window(from, to);
        return comparisons.report(workload, window.from(), window.until());
    }

    /** The same window in at most so many equal spans, for charts. */
    @GetMapping("/api/v1/comparison/{workload}/series")
    CohortSeries series(
            @PathVariable("workload") String name,
            @RequestParam(name = "from", required = false) @Nullable String from,
            @RequestParam(name = "to", required = false) @Nullable String to,
            @RequestParam(name = "points", defaultValue = "200") int points) {
        Workload workload = parameters.workload(name);
        Window window = window(from, to);
        ReadParameters.between("points", points, 1, 1_000);
        return comparisons.series(workload, window.from(), window.until(), points);
    }

    private record Window(Instant from, Instant until) {}

    private Window window(@Nullable String from, @Nullable String to) {
        Instant until = ReadParameters.instant("to", to, clock.instant());
        Instant since = ReadParameters.instant("from", from, until.minus(DEFAULT_WINDOW));
        if (!since.isBefore(until)) {
            throw ApiException.badRequest("from (" + since + ") must be before to (" + until + ")");
        }
        return new Window(since, until);
    }
}
