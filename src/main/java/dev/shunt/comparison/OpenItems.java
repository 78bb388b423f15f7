package dev.shunt.comparison;

import dev.shunt.core.InFlight;
import dev.shunt.core.StandIn;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.store.OpenRows;
import dev.shunt.store.SoleRunner;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies what has been in flight for a while into the ledger, on one instance at a time and off the path of requests. */
final class OpenItems {

    private static final Logger log = LoggerFactory.getLogger(OpenItems.class);

    /** Entries this much older than the last pass are looked at again: clocks differ, and a route may change late. */
    private static final Duration OVERLAP = Duration.ofMinutes(1);

    private final Set<Workload> workloads;
    private final InFlight inFlight;
    private final StandIn standIn;
    private final OpenRows rows;
    private final SoleRunner sole;
    private final OpenSettings settings;
    private final Clock clock;
    private final Map<Workload, Instant> copiedUntil = new HashMap<>();

    OpenItems(
            Set<Workload> workloads,
            InFlight inFlight,
            StandIn standIn,
            OpenRows rows,
            SoleRunner sole,
            OpenSettings settings,
            Clock clock) {
        this.workloads = Set.copyOf(workloads);
        this.inFlight = inFlight;
        this.standIn = standIn;
        this.rows = rows;
        this.sole = sole;
        this.settings = settings;
        this.clock = clock;
    }

    void copy() {
        for (Workload workload : workloads) {
            // whoever takes over cannot know how far the last one came
            if (!sole.run("open:" + workload, () -> copy(workload))) {
                copiedUntil.remove(workload);
            }
        }
    }

    private void copy(Workload workload) {
        Instant before = clock.instant().minus(settings.after());
        rows.copy(workload, standIn.open(workload, before));
        Instant from = copiedUntil.getOrDefault(workload, Instant.EPOCH);
        try {
            inFlight.open(workload, from, before, page -> rows.copy(workload, List.copyOf(page)));
            copiedUntil.put(workload, before.minus(OVERLAP));
            rows.copiedUntil(workload, before.minus(OVERLAP));
        } catch (UnavailableException away) {
            log.debug("The book of {} cannot be read; it is copied when Redis is back", workload, away);
        }
        rows.removeStored(workload);
    }
}
