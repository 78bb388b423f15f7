package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.InFlight;
import dev.shunt.core.Instance;
import dev.shunt.core.StandIn;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.routing.InstanceState;
import dev.shunt.routing.Router;
import dev.shunt.store.PeriodicTask;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Sees when a completed workload needs Redis no more: every live instance sends new items to Temporal alone, and what was
 * accepted before has left Redis. Only then may it be switched off.
 */
public final class Releases implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Releases.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final WorkloadCatalog catalog;
    private final RetirementStore store;
    private final Router router;
    private final InFlight inFlight;
    private final StandIn standIn;
    private final Instance instance;
    private final Builds builds;
    private final PeriodicTask task = new PeriodicTask("shunt-releases", PAUSE, this::look);

    Releases(
            WorkloadCatalog catalog,
            RetirementStore store,
            Router router,
            InFlight inFlight,
            StandIn standIn,
            Instance instance,
            Builds builds) {
        this.catalog = catalog;
        this.store = store;
        this.router = router;
        this.inFlight = inFlight;
        this.standIn = standIn;
        this.instance = instance;
        this.builds = builds;
    }

    /**
     * How far a retirement has come.
     *
     * @param completedAt when the rollout was completed; empty: it is not
     * @param releasedAt since when Redis is not needed; empty: it is
     * @param waitingFor what Redis is still needed for, in words; empty once it is released
     */
    public record Release(Optional<Instant> completedAt, Optional<Instant> releasedAt, List<String> waitingFor) {}

    /** @throws UnavailableException if Postgres is away */
    public Release of(Workload workload) {
        return store.find(workload)
                .map(retired -> new Release(
                        Optional.of(retired.completedAt()),
                        retired.releasedAt(),
                        retired.releasedAt().isPresent() ? List.of() : waitingFor(workload, retired.epoch())))
                .orElseGet(
                        () -> new Release(Optional.empty(), Optional.empty(), List.of("the rollout is not completed")));
    }

    /** Releases what can be released now. */
    void look() {
        for (Workload workload : catalog.workloads()) {
            try {
                look(workload);
            } catch (UnavailableException away) {
                log.debug("Whether {} needs Redis is not known: {}", workload, away.toString());
            }
        }
    }

    private void look(Workload workload) {
        if (!router.isRetired(workload) || router.isReleased(workload)) {
            return;
        }
        var retired = store.find(workload).filter(row -> row.releasedAt().isEmpty());
        if (retired.isPresent()
                && waitingFor(workload, retired.get().epoch()).isEmpty()
                && store.release(workload, retired.get().epoch(), instance.id())) {
            log.info("Nothing of {} is in Redis any more: it is not needed for it.", workload);
        }
    }

    private List<String> waitingFor(Workload workload, Epoch completed) {
        var open = new ArrayList<String>();
        try {
            // Who may still register is asked first: what registers afterwards has gone to Temporal alone.
            List<InstanceState> live = router.instances(workload).stream()
                    .filter(InstanceState::live)
                    .toList();
            Map<String, String> known =
                    builds.of(live.stream().map(InstanceState::id).toList());
            if (known.size() < live.size() || Set.copyOf(known.values()).size() > 1) {
                open.add("instances run different builds: an older one may still need Redis");
            }
            String behind = live.stream()
                    .filter(one -> one.held() || one.epoch().isBefore(completed))
                    .map(one -> one.held() ? one.id() + " (held on legacy)" : one.id())
                    .collect(Collectors.joining(", "));
            if (!behind.isEmpty()) {
                open.add("instances that do not send to Temporal alone: " + behind);
            }
            InFlight.Counts left = inFlight.counts(workload);
            if (left.booked() + left.registered() + left.waiting() + left.processing() > 0) {
                open.add(left.registered() + " items are registered, " + left.booked() + " in the book, "
                        + (left.waiting() + left.processing()) + " messages in the list: they end by themselves");
            }
            long standing = standIn.size(workload);
            if (standing > 0) {
                open.add(standing + " items wait in Postgres");
            }
        } catch (UnavailableException away) {
            open.add("not known: " + away.getMessage());
        }
        return open;
    }

    @Override
    public void start() {
        task.start();
    }

    @Override
    public void stop() {
        task.stop();
    }

    @Override
    public boolean isRunning() {
        return task.isRunning();
    }
}
