package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far a rollback has come. It is complete when its fence is raised, every live instance obeys or has lost its lease,
 * and nothing that was decided before it is in flight.
 *
 * @param id of the order; {@code flag-<epoch>} if the flag was taken to 0 in another way
 * @param orderedBy who
 * @param verified whether somebody checked who that is
 * @param epoch the version of the flag that carries it; empty while it is not recorded
 * @param recordedAt when Postgres took it; empty while it is only obeyed
 * @param policy what becomes of items in flight
 * @param fence in Redis now; empty if Redis is away
 * @param fencedAt when the fence was seen at this epoch
 * @param obeyedAt when no live instance was left that did not obey
 * @param instances every instance that was heard of while it was open
 * @param atFirst items in flight when it began
 * @param remaining items in flight now; for a complete one 0
 * @param recalled items that its policy handed to legacy
 * @param states what the oldest items in flight are at, if it is open
 * @param completedAt written once, by the instance that saw it first
 * @param supersededBy the version that raised the percentage again, if one is in force; items of that one do not count here
 * @param notes what is not known or still to happen, for a person
 */
public record RollbackProof(
        String id,
        Workload workload,
        Instant orderedAt,
        String orderedBy,
        boolean verified,
        String reason,
        Optional<Epoch> epoch,
        Optional<Instant> recordedAt,
        InFlightPolicy policy,
        Optional<Epoch> fence,
        Optional<Instant> fencedAt,
        Optional<Instant> obeyedAt,
        List<Obedience> instances,
        OptionalLong atFirst,
        OptionalLong remaining,
        long recalled,
        Map<FlightState, Long> states,
        Optional<Instant> completedAt,
        Optional<Epoch> supersededBy,
        List<String> notes) {

    public RollbackProof {
        instances = List.copyOf(instances);
        states = Map.copyOf(states);
        notes = List.copyOf(notes);
    }

    /** Where an item stands that is registered for Temporal. */
    public enum FlightState {
        /** Registered; its workflow is not there (yet). The sweeper hands it to legacy. */
        REGISTERED,
        /** Its workflow runs. */
        RUNNING,
        /** Its effects are committed; it leaves the registry in a moment. */
        FINISHING,
        /** Its workflow ended without result; the sweeper hands it to legacy. */
        CLOSED,
        /** Nobody was asked: Temporal is away, or there are too many. */
        UNKNOWN
    }

    /** Why an instance does not stand in the way of completion, or that it does. */
    public enum Standing {
        OBEYS,
        /** Live, and it has not acknowledged. */
        LAGGARD,
        /** It has not acknowledged and routes to legacy by itself: nothing was heard of it for its lease. */
        LEASE_ENDED,
        /** It stopped cleanly. */
        LEFT
    }

    /**
     * What one instance does about the rollback.
     *
     * @param epoch the version that it obeys
     * @param acknowledgedAt when it first obeyed this rollback or a newer version
     * @param leaseEndsAt when it routes to legacy by itself unless it is heard of again
     */
    public record Obedience(
            String instance,
            Epoch epoch,
            Standing standing,
            Optional<Instant> acknowledgedAt,
            Optional<Instant> leaseEndsAt) {}

    /** Live instances that have not acknowledged. */
    public List<String> laggards() {
        return instances.stream()
                .filter(i -> i.standing() == Standing.LAGGARD)
                .map(Obedience::instance)
                .toList();
    }

    /** From the order to completion. */
    public Optional<Duration> took() {
        return completedAt.map(at -> {
            Duration took = Duration.between(orderedAt, at);
            return took.isNegative() ? Duration.ZERO : took; // the clocks of who ordered and of the database may differ
        });
    }

    /** One sentence for a person. */
    public String words() {
        if (completedAt.isPresent()) {
            return "complete at " + completedAt.get() + ", took "
                    + took().orElse(Duration.ZERO).toMillis() + " ms";
        }
        if (recordedAt.isEmpty()) {
            return "obeyed, but Postgres has not recorded it yet";
        }
        if (fencedAt.isEmpty()) {
            return "open: the fence in Redis is not raised yet";
        }
        if (!laggards().isEmpty()) {
            return "open: waiting for " + String.join(", ", laggards());
        }
        return remaining.isPresent()
                ? "open: " + remaining.getAsLong() + " items in flight on Temporal"
                : "open: Redis is away, so what is in flight is not known";
    }
}
