package dev.shunt.store;

import dev.shunt.core.Route;
import dev.shunt.core.WayIn;
import java.time.Instant;
import java.util.Map;

/**
 * The items of one minute, or of a part of it, that were decided for one route and came in one way.
 *
 * @param minute the full minute in which they were accepted
 * @param latencies packed by {@link Packing}; a stage that no item passed is not in it
 */
public record CohortMinute(
        Instant minute, Route decided, WayIn wayIn, CohortCounts counts, Map<CohortStage, byte[]> latencies) {

    /** Makes few bytes of many latencies. */
    @FunctionalInterface
    public interface Packing {

        /** @param micros microseconds, in no order, at least one; below 0 where two clocks differ */
        byte[] pack(long[] micros);
    }
}
