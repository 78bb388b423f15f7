package dev.shunt.comparison.gates;

import java.time.Instant;

/**
 * What items are held against in a phase.
 *
 * @param startedAt items accepted before are not counted in the phase; what they say is evidence all the same
 * @param errors share of dead items that Temporal may have where there is nothing to compare it with
 * @param tail the same for items over the 99th percentile
 * @param bulk the same for items over the median
 * @param completion least share that Temporal completes
 * @param p95 in microseconds
 * @param mean in microseconds
 * @param activityFailures share of tries
 */
record Terms(
        Instant startedAt,
        boolean alone,
        double errors,
        double tail,
        double bulk,
        double completion,
        double p95,
        double mean,
        double activityFailures) {}
