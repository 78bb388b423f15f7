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
 * @param block how long Redis holds an idle fetch; far shorter than {@code command-timeout}
 * @param linger how long a loop waits after a first message for others to join its batch; 0..1 s. Fewer and larger batches
 *     write Redis's file less often, which the door waits for too
 * @param commandTimeout when a command of a consumer counts as unanswered; its connection is then given up
 * @param lease how long an instance without heartbeat still owns its messages
 * @param heartbeat how often an instance shows that it is alive and looks for the lists of dead ones; at most a third of
 *     {@code lease}
 * @param stall a loop that makes no progress for this long, and is not in a named back-off, silences the heartbeat
 * @param drain how long a stop waits for the batch in hand
 * @param firstRetry the shortest back-off after a transient fault
 * @param longestRetry the longest one
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

    /** How messages leave the list. */
    enum Pop {
        BLMOVE,
        BRPOP
    }

    LegacySettings {
        within("consumers", consumers, 0, 64);
        within("batch", batch, 1, 1000);
        positive("block", block);
        if (linger.isNegative() || linger.compareTo(Duration.ofSeconds(1)) > 0) {
            throw new IllegalArgumentException("shunt.legacy.linger must be 0..1s, was " + linger);
        }
        positive("heartbeat", heartbeat);
        positive("stall", stall);
        positive("first-retry", firstRetry);
        if (drain.isNegative()) {
            throw new IllegalArgumentException("shunt.legacy.drain must be 0 or more, was " + drain);
        }
        ordered("block", block.multipliedBy(2), "twice ", "command-timeout", commandTimeout);
        ordered("heartbeat", heartbeat.multipliedBy(3), "three times ", "lease", lease);
        ordered("first-retry", firstRetry, "", "longest-retry", longestRetry);
    }

    private static void within(String key, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "shunt.legacy." + key + " must be " + min + ".." + max + ", was " + value);
        }
    }

    private static void positive(String key, Duration value) {
        if (value.toMillis() < 1) {
            throw new IllegalArgumentException("shunt.legacy." + key + " must be at least 1ms, was " + value);
        }
    }

    private static void ordered(String key, Duration factored, String factor, String bound, Duration limit) {
        if (factored.compareTo(limit) > 0) {
            throw new IllegalArgumentException("shunt.legacy." + bound + " must be at least " + factor + "shunt.legacy."
                    + key + " (" + factored + "), was " + limit);
        }
    }
}
