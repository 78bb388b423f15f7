package dev.shunt.store;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Bodies kept outside their workflows, {@code shunt.claims.*}.
 *
 * @param retention how long a body is kept after its item was settled: the retention of Temporal's namespace, so that a
 *     history can be read as long as it is there; 1 h..3,650 d
 * @param interval pause between two looks for bodies that are no longer needed; 1 s..1 d
 */
@ConfigurationProperties("shunt.claims")
record ClaimSettings(
        @DefaultValue("30d") Duration retention,
        @DefaultValue("10m") Duration interval) {

    ClaimSettings {
        within("retention", retention, Duration.ofHours(1), Duration.ofDays(3_650));
        within("interval", interval, Duration.ofSeconds(1), Duration.ofDays(1));
    }

    private static void within(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "shunt.claims." + key + " must be between " + least + " and " + most + ", was " + value);
        }
    }
}
