package dev.shunt.core;

import java.time.Instant;

/**
 * What was ordered about shadow pairs of a workload.
 *
 * @param share of the items that are processed a second time
 * @param mode on which route
 * @param suspended whether a rollback put it on hold; a person lifts that by ordering again
 * @param changedAt when, by the database's clock
 * @param changedBy who
 * @param reason why
 */
public record Shadowing(
        Percentage share, Mode mode, boolean suspended, Instant changedAt, String changedBy, String reason) {

    /** Where the second run of an item goes. */
    public enum Mode {
        /** To the route that the item did not take: compares the routes. */
        OTHER_ROUTE,
        /** To the route that the item took: shows what differs by itself. */
        SAME_ROUTE;

        public Route shadowOf(Route primary) {
            boolean legacy = primary == Route.LEGACY;
            return this == SAME_ROUTE ? primary : legacy ? Route.TEMPORAL : Route.LEGACY;
        }
    }

    /** What holds where nothing was ordered. */
    public static final Shadowing OFF =
            new Shadowing(Percentage.ZERO, Mode.OTHER_ROUTE, false, Instant.EPOCH, "nobody", "off by default");

    public boolean active() {
        return !suspended && share.basisPoints() > 0;
    }
}
