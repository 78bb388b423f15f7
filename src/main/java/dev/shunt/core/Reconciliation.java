package dev.shunt.core;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One comparison of everything that was accepted, committed or stored in {@code from <= t < until} with everything that
 * should be there.
 *
 * @param state only {@link State#DONE} says anything about what was not found
 * @param scheduled ordered by Shunt itself
 * @param by who ordered it
 * @param instance where it ran
 * @param step what it does, or did last
 * @param items completed items of the window
 * @param verified those of them that were compared with their stored rows
 * @param findings disagreements by kind, fresh and known ones; they are listed as divergences
 * @param failure why it failed or was interrupted
 */
public record Reconciliation(
        long id,
        Workload workload,
        Instant from,
        Instant until,
        Repair repair,
        State state,
        boolean scheduled,
        String by,
        String instance,
        String step,
        long items,
        long verified,
        Map<Divergence.Kind, Long> findings,
        @Nullable String failure,
        Instant startedAt,
        @Nullable Instant endedAt) {

    private static final Duration LONGEST = Duration.ofDays(92);

    /** What is done about wrong summaries. */
    public enum Repair {
        NONE,
        /** Says what would be changed. */
        DRY_RUN,
        /** Changes it; after a dry run of the same window that is not older than an hour. */
        APPLY
    }

    /** Where a run is in its life. */
    public enum State {
        RUNNING,
        DONE,
        /** It could not look at everything. What it found counts; what it did not find says nothing. */
        FAILED,
        /** Its instance stopped or died. The same holds. */
        INTERRUPTED
    }

    /**
     * What to do.
     *
     * @param by who orders it
     */
    public record Order(Workload workload, Instant from, Instant until, Repair repair, boolean scheduled, String by) {

        public Order {
            if (!from.isBefore(until)) {
                throw new IllegalArgumentException("from (" + from + ") must be before to (" + until + ")");
            }
            if (Duration.between(from, until).compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "from (" + from + ") must be at most " + LONGEST.toDays() + " days before to (" + until + ")");
            }
        }
    }
}
