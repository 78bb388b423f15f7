package dev.shunt.comparison;

import dev.shunt.core.Delivery;
import dev.shunt.core.Route;
import dev.shunt.core.Shadowing.Mode;
import dev.shunt.core.Workload;
import dev.shunt.store.ShadowMinutes;
import java.time.Instant;

/**
 * A committed item that is to be processed a second time.
 *
 * @param delivery of the primary
 * @param mode in force when it was sampled
 * @param committedAt when this instance heard of the commit
 */
record SampledItem(Delivery delivery, Mode mode, Instant committedAt) {

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
