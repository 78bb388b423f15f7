package dev.shunt.routing;

import dev.shunt.core.Bucket;
import dev.shunt.core.Epoch;
import dev.shunt.core.Workload;
import java.util.HashSet;
import java.util.Set;
import org.ff4j.core.Feature;

/**
 * One workload's flag in this instance. Readers take a volatile read and no lock; the listener alone publishes.
 *
 * <p>{@code floor} is the oldest epoch that may route to Temporal: a rollback that is not recorded yet lifts it above
 * every epoch, and once recorded leaves it at its own.
 */
final class FlagCell {

    private static final long HELD = Long.MAX_VALUE;

    /** FF4j's features are mutable; this one is made for one snapshot and never changed after it is published. */
    private record Published(FlagSnapshot snapshot, Feature feature) {}

    private final Bucket.Scale scale;
    private final Set<String> orders = new HashSet<>();
    private long lowestTrusted;

    private volatile Published published;
    private volatile long floor;

    FlagCell(Workload workload, FlagSnapshot initial) {
        this.scale = Bucket.scale(workload);
        this.published = published(initial);
    }

    Bucket.Scale scale() {
        return scale;
    }

    FlagSnapshot snapshot() {
        return published.snapshot();
    }

    Feature feature() {
        return published.feature();
    }

    /** Takes over a newer version; an older or equal one changes nothing. */
    boolean publish(FlagSnapshot newer) {
        boolean first = published.snapshot().changedAt() == null;
        if (!first && newer.epoch().compareTo(published.snapshot().epoch()) <= 0) {
            return false;
        }
        published = published(newer);
        return true;
    }

    boolean mayRoute(Epoch epoch) {
        return epoch.value() >= floor;
    }

    synchronized void hold(String order) {
        orders.add(order);
        floor = HELD;
    }

    synchronized void release(String order, Epoch from) {
        orders.remove(order);
        trustFrom(from);
    }

    synchronized void trustFrom(Epoch from) {
        lowestTrusted = Math.max(lowestTrusted, from.value());
        floor = orders.isEmpty() ? lowestTrusted : HELD;
    }

    private static Published published(FlagSnapshot snapshot) {
        var feature = new Feature(snapshot.feature(), snapshot.enabled());
        feature.setFlippingStrategy(new StickyBasisPoints(snapshot.percentage()));
        return new Published(snapshot, feature);
    }
}
