package dev.shunt.temporal;

import dev.shunt.core.InFlight;
import dev.shunt.core.InFlight.Registered;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Retries;
import dev.shunt.core.Workload;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks Temporal about the items that have been registered longest: one that is retried is among them sooner or later. */
final class TemporalRetries implements Retries {

    private static final int ASKED = 20;
    private static final Duration YOUNG = Duration.ofSeconds(2);

    private final InFlight inFlight;
    private final Workflows workflows;
    private final Clock clock;

    TemporalRetries(InFlight inFlight, Workflows workflows, Clock clock) {
        this.inFlight = inFlight;
        this.workflows = workflows;
        this.clock = clock;
    }

    @Override
    public List<Retry> waiting(Workload workload) {
        List<Retry> found = new ArrayList<>();
        for (Registered entry : inFlight.registered(workload, clock.instant().minus(YOUNG), Optional.empty(), ASKED)) {
            ItemKey key = entry.key();
            found.addAll(workflows.retries(workload, key));
        }
        return found;
    }
}
