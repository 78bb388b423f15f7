package dev.shunt.comparison;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the ledger is summed up for reports. Reports are exact whatever this says: what is not summed up yet is read from
 * the ledger itself.
 *
 * @param interval pause between two passes over what changed, 1 s..10 min
 */
@ConfigurationProperties("shunt.cohorts")
record CohortSettings(@DefaultValue("15s") Duration interval) {

    CohortSettings {
        if (interval.compareTo(Duration.ofSeconds(1)) < 0 || interval.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException("shunt.cohorts.interval must be PT1S..PT10M, was " + interval);
        }
    }
}
