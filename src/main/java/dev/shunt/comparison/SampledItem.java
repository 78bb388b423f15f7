package dev.shunt.comparison;

import dev.shunt.core.Delivery;
import dev.shunt.core.Route;
import dev.shunt.core.Shadowing.Mode;
import dev.shunt.core.Workload;
import dev.shunt.store.ShadowMinutes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An item that its primary has committed, or buried, and that is to be processed a second time.
 *
 * @param delivery of the primary
 * @param mode in force when it was sampled
 * @param committedAt when this instance heard of the commit or the burial
 * @param buried why the primary made a dead letter of it; null if it committed it
 */
record SampledItem(
        Delivery delivery,
        Mode mode,
        Instant committedAt,
        @Nullable String buried) {

    Workload workload() {
        return delivery.workload();
    }

    Route shadow() {
        return mode.shadowOf(delivery.route());
    }

    ShadowMinutes.PairKey countedUnder() {
        return new ShadowMinutes.PairKey(workload(), delivery.stamp().acceptedAt(), delivery.route(), shadow(), mode);
    }
}
