package dev.shunt.store;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The lanes of the store, {@code shunt.store.*}.
 *
 * @param queue most items that may wait for a group commit, per lane; more are told to come again
 * @param smallGroup from this many waiting items on, a group is written without lingering
 * @param largeGroup most items of one group
 * @param linger longest time a group waits to grow to {@code smallGroup}
 * @param patience longest time an item may wait before its group is written; longer ones are told to come again, so
 *     that nobody writes for a caller that has given up
 * @param statementTimeout longest time of one statement, after which its group is rolled back and tried again
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
        range("large-group", largeGroup, smallGroup, 1_000);
        range("linger (ms)", linger.toMillis(), 0, 1_000);
        range("patience (ms)", patience.toMillis(), 10, 60_000);
        range("statement-timeout (ms)", statementTimeout.toMillis(), 100, 600_000);
    }

    private static void range(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "shunt.store." + key + " must be " + least + ".." + most + ", was " + value);
        }
    }
}
