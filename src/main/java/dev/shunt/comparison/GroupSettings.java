package dev.shunt.comparison;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is shown of divergences, and how often everything is reconciled.
 *
 * @param examples divergences shown with each group, 0..20
 * @param reconcileEvery how often each workload's last span of this length is reconciled in full, 1 min..31 d; 0 turns it
 *     off. The first run comes when there are items older than this
 */
@ConfigurationProperties("shunt.comparison")
record GroupSettings(
        @DefaultValue("3") int examples, @DefaultValue("1d") Duration reconcileEvery) {

    GroupSettings {
        if (examples < 0 || examples > 20) {
            throw new IllegalArgumentException("shunt.comparison.examples must be 0..20, was " + examples);
        }
        if (!reconcileEvery.isZero()
                && (reconcileEvery.toMinutes() < 1 || reconcileEvery.compareTo(Duration.ofDays(31)) > 0)) {
            throw new IllegalArgumentException(
                    "shunt.comparison.reconcile-every must be 0 or 1m..31d, was " + reconcileEvery);
        }
    }
}
