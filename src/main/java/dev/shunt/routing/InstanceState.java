package dev.shunt.routing;

import dev.shunt.core.Epoch;
import java.time.Instant;

/**
 * What one instance said last about one workload. All times are the database's.
 *
 * @param id the instance
 * @param epoch the flag's version that it has applied
 * @param held whether it keeps to legacy whatever the flag says
 * @param lastSeen when it said so
 * @param leaseEndsAt when it stops routing to Temporal by itself if nothing more is heard from it, with a second to spare
 * @param live whether that time is still to come: it may be routing to Temporal
 * @param leaseless whether no lease stops it: it obeyed a completed rollout, and goes on with that until it reads another version
 */
public record InstanceState(
        String id, Epoch epoch, boolean held, Instant lastSeen, Instant leaseEndsAt, boolean live, boolean leaseless) {

    /** Whether it can no longer route by an older version than this. */
    public boolean obeys(Epoch wanted) {
        return held || (!live && !leaseless) || !epoch.isBefore(wanted);
    }
}
