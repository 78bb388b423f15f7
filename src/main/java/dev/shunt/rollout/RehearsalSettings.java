package dev.shunt.rollout;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Rehearsals, {@code shunt.rollout.rehearsal.*}.
 *
 * @param patience how long a rehearsed rollback may take until it is complete; then the flag stays at 0; 5 s..10 min
 */
@ConfigurationProperties("shunt.rollout.rehearsal")
record RehearsalSettings(@DefaultValue("60s") Duration patience) {

    RehearsalSettings {
        if (patience.toSeconds() < 5 || patience.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException("shunt.rollout.rehearsal.patience must be 5s..10m, was " + patience);
        }
    }
}
