package dev.shunt.comparison;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When items in flight are copied into the ledger.
 *
 * @param after how long an item is in flight before it is copied, 1 s..1 h
 * @param interval pause between two passes, 100 ms..1 h
 */
@ConfigurationProperties("shunt.open")
record OpenSettings(
        @DefaultValue("10s") Duration after,
        @DefaultValue("5s") Duration interval) {

    OpenSettings {
        Bounds bounds = Bounds.of("shunt.open");
        bounds.check("after", after, Duration.ofSeconds(1), Duration.ofHours(1));
        bounds.check("interval", interval, Duration.ofMillis(100), Duration.ofHours(1));
    }
}
