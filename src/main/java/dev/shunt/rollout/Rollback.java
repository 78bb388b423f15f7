package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.Workload;
import dev.shunt.routing.InstanceState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The answer to a rollback. It is always taken; this says how far it has come.
 *
 * @param id of the order
 * @param recorded whether Postgres holds it; otherwise it is obeyed by this instance, and by all others if
 *     {@code stopped}, and is recorded when Postgres is back
 * @param stopped whether every registration is refused: by fence or by a stop order in Redis
 * @param stoppedAt when Redis confirmed that
 * @param epoch the version of the flag that carries it, if recorded
 * @param instances heard of in the last ten minutes; empty if Postgres is away
 * @param laggards live instances that had not acknowledged it
 * @param leasesEndBy when the last lease of a laggard (of any instance, if they are not known) ends, unless it is heard
 *     of again
 * @param inFlight items still in the registry; empty if Redis is away
 * @param complete stopped, obeyed by every live instance, and nothing in flight
 * @param notes what is still to happen, for a person
 */
public record Rollback(
        String id,
        Workload workload,
        Instant orderedAt,
        boolean recorded,
        boolean stopped,
        Optional<Instant> stoppedAt,
        Optional<Epoch> epoch,
        List<InstanceState> instances,
        List<InstanceState> laggards,
        Optional<Instant> leasesEndBy,
        OptionalLong inFlight,
        boolean complete,
        List<String> notes) {

    public Rollback {
        instances = List.copyOf(instances);
        laggards = List.copyOf(laggards);
        notes = List.copyOf(notes);
    }
}
