package dev.shunt.comparison;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with the worker outside that is a workload's legacy side.
 *
 * @param outside whether there is one now; false with open items: there was one
 * @param open items that were handed to it and are not settled; null if Redis does not answer
 * @param notKnown items of which the last look could not tell whether they are stored, at most 100
 * @param lost items that it lost and nobody has sent again or written off, at most 100; null if Postgres does not answer
 * @param problem why its results cannot be told now; null if they can. While there is one, nothing missing means: not known
 * @param notCompared what has no counterpart in its tables, or none that was named: fields as in divergences
 */
public record OutsideStatus(
        String workload,
        boolean outside,
        @Nullable Long open,
        List<String> notKnown,
        @Nullable List<Lost> lost,
        @Nullable String problem,
        List<String> notCompared) {

    /**
     * An item that the worker took and that is nowhere.
     *
     * @param letter the dead letter by which it is sent again or discarded
     * @param kept whether its message is there to be sent again
     */
    public record Lost(long letter, String item, @Nullable Instant acceptedAt, boolean kept) {}
}
