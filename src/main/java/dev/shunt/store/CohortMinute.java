package dev.shunt.store;

import dev.shunt.core.Route;
import dev.shunt.core.WayIn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The items of one minute, or of a part of it, or of one hour, that were decided for one route and came in one way.
 *
 * @param minute beginning of the minute or hour in which they were accepted
 * @param latencies packed by {@link Packing}; a stage that no item passed is not in it
 */
public record CohortMinute(
        Instant minute, Route decided, WayIn wayIn, CohortCounts counts, Map<CohortStage, byte[]> latencies) {

    /** The sum of the minutes of an hour, all of the same cohort; at least one. */
    static CohortMinute sum(Instant hour, List<CohortMinute> minutes, Packing packing) {
        CohortCounts counts = CohortCounts.NONE;
        Map<CohortStage, List<byte[]>> parts = new EnumMap<>(CohortStage.class);
        for (CohortMinute minute : minutes) {
            counts = counts.plus(minute.counts());
            minute.latencies()
                    .forEach((stage, packed) -> parts.computeIfAbsent(stage, unseen -> new ArrayList<>())
                            .add(packed));
        }
        Map<CohortStage, byte[]> latencies = new EnumMap<>(CohortStage.class);
        parts.forEach((stage, packed) -> latencies.put(stage, packing.sum(packed)));
        CohortMinute first = minutes.getFirst();
        return new CohortMinute(hour, first.decided(), first.wayIn(), counts, latencies);
    }

    /** Makes few bytes of many latencies. */
    public interface Packing {

        /** @param micros microseconds, in no order, at least one; below 0 where two clocks differ */
        byte[] pack(long[] micros);

        /** What {@link #pack} would make of all that these were made of. */
        byte[] sum(List<byte[]> packed);
    }
}
