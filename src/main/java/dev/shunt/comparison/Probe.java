package dev.shunt.comparison;

import dev.shunt.core.Route;
import dev.shunt.core.Workload;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What came of sending one made-up item over each route.
 *
 * @param id of the probe
 * @param result what can be said
 * @param words the same for a person
 * @param routes one for each route
 * @param differences what the routes made different, the legacy route's as expected
 */
public record Probe(
        String id,
        Workload workload,
        Instant at,
        Result result,
        String words,
        List<Side> routes,
        List<CanonicalDiff.Difference> differences) {

    public Probe {
        routes = List.copyOf(routes);
        differences = List.copyOf(differences);
    }

    /** What a probe says. */
    public enum Result {
        SAME,
        DIFFERENT,
        /** One route at least stored nothing, so that nothing can be compared. */
        NOT_COMPARED
    }

    /**
     * One route.
     *
     * @param stored whether the item was processed and stored
     * @param words what happened
     * @param stages milliseconds by stage: {@code processed} until its effects are committed, {@code read} until the result
     *     was read back
     */
    public record Side(Route route, boolean stored, String words, Map<String, Double> stages) {

        public Side {
            stages = Map.copyOf(stages);
        }
    }
}
