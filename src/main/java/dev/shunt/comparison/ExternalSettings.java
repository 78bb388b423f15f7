package dev.shunt.comparison;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How results of a worker outside Shunt are looked for ({@code shunt.legacy.consumer=external}).
 *
 * @param interval pause between two looks, 100 ms..1 min
 * @param page items looked up at once, 10..5000
 * @param grace how long results that are not (yet) what the input says may stay so before the item counts as done and the
 *     difference is recorded; below {@code shunt.comparison.missing-after}; 0..10 min
 * @param deadLetters how often the worker's whole dead-letter list is walked again, and what it lost is looked for; new entries
 *     are seen at each look; 1 s..1 d
 * @param lostAfter how long an item may be nowhere, neither in the worker's tables nor in its lists, before it becomes a dead
 *     letter as lost; longer than the worker takes for any one message; 1 s..30 d, 0 = never
 */
@ConfigurationProperties("shunt.external")
record ExternalSettings(
        @DefaultValue("1s") Duration interval,
        @DefaultValue("500") int page,
        @DefaultValue("5s") Duration grace,
        @DefaultValue("1m") Duration deadLetters,
        @DefaultValue("1h") Duration lostAfter) {

    ExternalSettings {
        within("interval", interval, Duration.ofMillis(100), Duration.ofMinutes(1));
        within("grace", grace, Duration.ZERO, Duration.ofMinutes(10));
        within("dead-letters", deadLetters, Duration.ofSeconds(1), Duration.ofDays(1));
        if (!lostAfter.isZero()) {
            within("lost-after", lostAfter, Duration.ofSeconds(1), Duration.ofDays(30));
        }
        if (page < 10 || page > 5_000) {
            throw new IllegalArgumentException("shunt.external.page must be 10..5000, was " + page);
        }
    }

    private static void within(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "shunt.external." + key + " must be " + least + ".." + most + ", was " + value);
        }
    }
}
