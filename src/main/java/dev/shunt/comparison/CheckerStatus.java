package dev.shunt.comparison;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How well the checker itself does. With failures or a backlog, no divergence means: not known.
 *
 * @param role ACTIVE, STANDBY (another instance checks), or IDLE before the first pass
 * @param lastCheckedAt when this instance finished its last pass without a failure; null before the first
 * @param failures of the checker on this instance since its start
 * @param lastFailure the newest one, for people
 * @param backlog completed items that nobody has verified yet
 */
public record CheckerStatus(
        Role role,
        @Nullable Instant lastCheckedAt,
        long failures,
        @Nullable String lastFailure,
        long backlog) {

    /** What this instance does about checking. */
    public enum Role {
        IDLE,
        ACTIVE,
        STANDBY
    }
}
