package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.Workload;
import java.util.Optional;

/**
 * What somebody orders of a rollout.
 *
 * @param reason not blank; at least {@link #SHORTEST_OVERRIDE} characters to override
 * @param expected only at this version of the flag; empty: at any
 * @param override whether what stands against it is to be passed over, as far as that can be
 */
public record RolloutOrder(Workload workload, Actor actor, String reason, Optional<Epoch> expected, boolean override) {

    /** Whoever passes over a gate writes at least so much about why. */
    public static final int SHORTEST_OVERRIDE = 10;

    public RolloutOrder {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("reason must say why");
        }
        if (override && reason.strip().length() < SHORTEST_OVERRIDE) {
            throw new IllegalArgumentException("reason must have at least " + SHORTEST_OVERRIDE
                    + " characters to override, had " + reason.strip().length());
        }
    }
}
