package dev.shunt.store;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The lanes of the store, {@code shunt.store.*}.
 *
 * @param queue most items that may wait for a group commit, per lane; more are told to come again; 1..100 000
 * @param smallGroup from this many waiting items on, a group is written without lingering; 1..1 000
 * @param largeGroup most items of one group, at least {@code small-group}; 1..1 000
 * @param linger longest time a group waits to grow to {@code small-group}; 0..1 s
 * @param patience longest time an item may wait before its group is written; longer ones are told to come again, so
 *     that nobody writes for a caller that has given up; 10 ms..60 s
 * @param statementTimeout longest time of one statement, after which its group is rolled back and tried again; a lane
 *     that stops between two statements is given up by the server after the same time, at least 1 s. 100 ms..20 s: a whole
 *     transaction must end well within the two minutes for which sums and gates look back
 */
@ConfigurationProperties("shunt.store")
public record StoreSettings(
        @DefaultValue("2000") int queue,
        @DefaultValue("25") int smallGroup,
        @DefaultValue("100") int largeGroup,
        @DefaultValue("3ms") Duration linger,
        @DefaultValue("2500ms") Duration patience,
        @DefaultValue("10s") Duration statementTimeout) {

    public StoreSettings {
        range("queue", queue, 1, 100_000);
        range("small-group", smallGroup, 1, 1_000);
        range("large-group", largeGroup, 1, 1_000);
        range("linger", linger, Duration.ZERO, Duration.ofSeconds(1));
        range("patience", patience, Duration.ofMillis(10), Duration.ofSeconds(60));
        range("statement-timeout", statementTimeout, Duration.ofMillis(100), Duration.ofSeconds(20));
        if (largeGroup < smallGroup) {
            throw new IllegalArgumentException("shunt.store.large-group must be at least shunt.store.small-group ("
                    + smallGroup + "), was " + largeGroup);
        }
    }

    private static <T extends Comparable<T>> void range(String key, T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "shunt.store." + key + " must be " + least + ".." + most + ", was " + value);
        }
    }
}
