package dev.shunt.comparison;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How closely the comparator watches.
 *
 * @param interval pause between two checks and between two looks of conservation, 100 ms..1 h
 * @param settle a completed item is verified when its commit is this old, 0..1 min
 * @param batch items verified at once, 1..10 000
 * @param recheck verified items that each check verifies again, walking through the last day in turn; 0..10 000, 0 turns it
 *     off
 * @param missingAfter an accepted item that is nowhere is missing when two looks this far apart agree; items younger than
 *     this are not looked for; 100 ms..1 h
 * @param sweep how often the summaries of today, of yesterday and of one older day in turn, and a whole day of stored
 *     results, are looked at; a day whose sums take long is looked at less often; 1 s..1 d
 * @param lateAfter an item that was committed this much after its acceptance is a LATE divergence, 1 s..7 d; replays of
 *     dead letters are never late
 */
@ConfigurationProperties("shunt.comparison")
record ComparisonSettings(
        @DefaultValue("5s") Duration interval,
        @DefaultValue("2s") Duration settle,
        @DefaultValue("500") int batch,
        @DefaultValue("500") int recheck,
        @DefaultValue("10s") Duration missingAfter,
        @DefaultValue("1m") Duration sweep,
        @DefaultValue("1m") Duration lateAfter) {

    ComparisonSettings {
        Bounds bounds = Bounds.of("shunt.comparison");
        bounds.check("interval", interval, Duration.ofMillis(100), Duration.ofHours(1));
        bounds.check("settle", settle, Duration.ZERO, Duration.ofMinutes(1));
        bounds.check("missing-after", missingAfter, Duration.ofMillis(100), Duration.ofHours(1));
        bounds.check("sweep", sweep, Duration.ofSeconds(1), Duration.ofDays(1));
        bounds.check("late-after", lateAfter, Duration.ofSeconds(1), Duration.ofDays(7));
        bounds.check("batch", batch, 1, 10_000);
        bounds.check("recheck", recheck, 0, 10_000);
    }
}
