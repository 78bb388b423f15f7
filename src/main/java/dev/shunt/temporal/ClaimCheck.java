package dev.shunt.temporal;

import dev.shunt.core.Claim;
import dev.shunt.core.ClaimedBodies;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Lineage;
import dev.shunt.core.Stamp;
import dev.shunt.temporal.Bindings.Bound;
import java.time.Duration;

/**
 * Keeps messages outside that are too large to travel with their workflow. What travels instead is small and still shows
 * the item's key and route to whoever looks at the workflow.
 */
final class ClaimCheck {

    /** Longest time for looking after a body that a running workflow may be waiting for; nobody waits for it. */
    private static final Duration RENEWAL = Duration.ofSeconds(5);

    /** Servers refuse payloads over 2 MB, and the SDK would retry a message over 4 MB until its deadline. */
    private static final int LARGEST = 1_500_000;

    private final long limit;
    private final ClaimedBodies bodies;
    private final RouteMetrics metrics;

    ClaimCheck(TemporalSettings settings, ClaimedBodies bodies, RouteMetrics metrics) {
        this.limit = settings.claimCheck().toBytes();
        this.bodies = bodies;
        this.metrics = metrics;
    }

    /** Whether a message of this size can be carried by a workflow at all. */
    boolean takes(Bound bound, int length) {
        return fits(bound, length);
    }

    /** The same, for those who only want to know. */
    static boolean fits(Bound bound, long length) {
        return bound.binding().opensClaims() || length <= LARGEST;
    }

    /**
     * The argument of a workflow.
     *
     * @throws dev.shunt.core.UnavailableException if the body could not be kept within the given time
     */
    byte[] argument(Bound bound, Stamp stamp, byte[] stamped, Duration within) {
        if (!applies(bound, stamped)) {
            return stamped;
        }
        Claim claim = bodies.keep(bound.definition().workload(), stamp.key(), plain(stamped), within);
        metrics.claimed(bound.definition().workload());
        return stamp.withoutEvidence().withLineage(Lineage.NONE).appendTo(claim.reference());
    }

    /** Workers of versions that know no lineage compare bodies and references to the byte; the workflow's header has it. */
    private static byte[] plain(byte[] stamped) {
        Stamp.Stamped parts = Stamp.split(stamped);
        return parts.stamp()
                .filter(stamp -> stamp.lineage().isKnown())
                .map(stamp -> stamp.withLineage(Lineage.NONE).appendTo(parts.message()))
                .orElse(stamped);
    }

    /** Makes sure that the body of a registered item is there, whatever happened to it. */
    void renew(Bound bound, ItemKey key, byte[] stamped) {
        if (applies(bound, stamped)) {
            bodies.keep(bound.definition().workload(), key, plain(stamped), RENEWAL);
        }
    }

    private boolean applies(Bound bound, byte[] stamped) {
        return bound.binding().opensClaims() && stamped.length > limit;
    }
}
