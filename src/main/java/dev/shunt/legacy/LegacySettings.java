package dev.shunt.legacy;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The consumers of the legacy route.
 *
 * @param consumers loops for each workload, each with its own connection and processing list; 0..64, 0 consumes nothing.
 *     Their groups share one lane into the store, so two are enough: one reads and decodes while the other's commits
 * @param batch messages that one loop takes at a time and commits as one group; 1..1000
 * @param pop {@code blmove} never loses a message; {@code brpop} takes them one by one and at most once, as the old
 *     worker did, to measure the baseline
 * @param block how long Redis holds an idle fetch; far shorter than {@code command-timeout}: at most half
 *     of it, and of {@code stall}; 1 ms..30 min
 * @param linger how long a loop waits after a first message for others to join its batch; 0..1 s. Fewer and larger batches
 *     write Redis's file less often, which the door waits for too
 * @param commandTimeout when a command of a consumer counts as unanswered; its connection is then given up;
 *     2 ms..1 h
 * @param lease how long an instance without heartbeat still owns its messages; 3 ms..1 h
 * @param heartbeat how often an instance shows that it is alive and looks for the lists of dead ones; at most a third of
 *     {@code lease}; 1 ms..20 min
 * @param stall a loop that makes no progress for this long, and is not in a named back-off, silences the heartbeat;
 *     1 ms..1 h
 * @param drain how long a stop waits for the batch in hand; 0..1 h
 * @param firstRetry the shortest back-off after a transient fault; 1 ms..1 h
 * @param longestRetry the longest one, at least {@code first-retry}; 1 ms..1 h
 */
@ConfigurationProperties("shunt.legacy")
record LegacySettings(
        @DefaultValue("2") int consumers,
        @DefaultValue("64") int batch,
        @DefaultValue("blmove") Pop pop,
        @DefaultValue("1s") Duration block,
        @DefaultValue("0ms") Duration linger,
        @DefaultValue("30s") Duration commandTimeout,
        @DefaultValue("15s") Duration lease,
        @DefaultValue("3s") Duration heartbeat,
        @DefaultValue("10s") Duration stall,
        @DefaultValue("30s") Duration drain,
        @DefaultValue("100ms") Duration firstRetry,
        @DefaultValue("5s") Duration longestRetry) {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    /** How messages leave the list. */
    enum Pop {
        BLMOVE,
        BRPOP
    }

    LegacySettings {
        within("consumers", consumers, 0, 64);
        within("batch", batch, 1, 1000);
        within("block", block, SHORTEST, Duration.ofMinutes(30));
        within("linger", linger, Duration.ZERO, Duration.ofSeconds(1));
        within("command-timeout", commandTimeout, SHORTEST.multipliedBy(2), LONGEST);
        within("lease", lease, SHORTEST.multipliedBy(3), LONGEST);
        within("heartbeat", heartbeat, SHORTEST, Duration.ofMinutes(20));
        within("stall", stall, SHORTEST, LONGEST);
        within("drain", drain, Duration.ZERO, LONGEST);
        within("first-retry", firstRetry, SHORTEST, LONGEST);
        within("longest-retry", longestRetry, SHORTEST, LONGEST);
        ordered("block", block.multipliedBy(2), "twice ", "command-timeout", commandTimeout);
        ordered("block", block.multipliedBy(2), "twice ", "stall", stall);
        ordered("heartbeat", heartbeat.multipliedBy(3), "three times ", "lease", lease);
        ordered("first-retry", firstRetry, "", "longest-retry", longestRetry);
    }

    private static <T extends Comparable<T>> void within(String key, T value, T min, T max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    "shunt.legacy." + key + " must be " + min + ".." + max + ", was " + value);
        }
    }

    private static void ordered(String key, Duration factored, String factor, String bound, Duration limit) {
        if (factored.compareTo(limit) > 0) {
            throw new IllegalArgumentException("shunt.legacy." + bound + " must be at least " + factor + "shunt.legacy."
                    + key + " (" + factored + "), was " + limit);
        }
    }
}
