package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.Workload;
import dev.shunt.routing.FlagSnapshot;
import dev.shunt.routing.InstanceState;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where a rollout stands, as far as it can be known now.
 *
 * @param flag the version of the flag that this instance obeys
 * @param trusted whether this instance believes it; otherwise it sends everything to legacy
 * @param held whether this instance is switched off by configuration
 * @param fence in Redis; empty if Redis is away
 * @param instances heard of in the last ten minutes; empty if Postgres is away
 * @param inFlight items in the registry; empty if Redis is away
 * @param orderPending whether a rollback was ordered that is not recorded yet
 * @param problems what cannot be known or is wrong, for a person
 */
public record Status(
        Workload workload,
        FlagSnapshot flag,
        boolean trusted,
        boolean held,
        Optional<Epoch> fence,
        List<InstanceState> instances,
        OptionalLong inFlight,
        boolean orderPending,
        List<String> problems) {

    public Status {
        instances = List.copyOf(instances);
        problems = List.copyOf(problems);
    }
}
