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
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
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
    private final Map<Workload, AtomicLong> again;
    private final PeriodicTask task = new PeriodicTask("shunt-releases", PAUSE, this::look);

    Releases(
            WorkloadCatalog catalog,
            RetirementStore store,
            Router router,
            InFlight inFlight,
            StandIn standIn,
            Instance instance,
            Builds builds,
            MeterRegistry meters) {
        this.catalog = catalog;
        this.store = store;
        this.router = router;
        this.inFlight = inFlight;
        this.standIn = standIn;
        this.instance = instance;
        this.builds = builds;
        this.again = catalog.workloads().stream().collect(Collectors.toMap(one -> one, one -> new AtomicLong()));
        again.forEach((workload, items) -> Gauge.builder("shunt.retirement.returned", items, AtomicLong::get)
                .description("What is in Redis of a workload that was seen to need it no more")
                .tag("workload", workload.name())
                .register(meters));
    }

    /**
     * How far a retirement has come.
     *
     * @param completedAt when the rollout was completed; empty: it is not
     * @param releasedAt when it was first seen that nothing needs Redis any more; empty: that was not yet
     * @param waitingFor what Redis is needed for, in words; empty if for nothing
     */
    public record Release(Optional<Instant> completedAt, Optional<Instant> releasedAt, List<String> waitingFor) {

        /** Whether Redis must stay: it was not released yet, or something came into it again. */
        public boolean redisNeeded() {
            return releasedAt.isEmpty() || !waitingFor.isEmpty();
        }
    }

    /** @throws UnavailableException if Postgres is away */
    public Release of(Workload workload) {
        return store.find(workload)
                .map(retired -> new Release(
                        Optional.of(retired.completedAt()),
                        retired.releasedAt(),
                        retired.releasedAt().isPresent() ? cameAgain(workload) : waitingFor(workload, retired.epoch())))
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
        watch(workload);
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

    private void watch(Workload workload) {
        AtomicLong shown = Objects.requireNonNull(again.get(workload));
        long items = router.isReleased(workload) ? sum(inFlight.counts(workload)) : 0;
        if (items > 0 && shown.get() == 0) {
            log.warn(
                    "{} items of {} are in Redis again, which was not needed any more: a producer still pushes to the list,"
                            + " or an instance keeps to legacy. They are worked off; do not switch Redis off before.",
                    items,
                    workload);
        }
        shown.set(items);
    }

    /** Empty too where Redis is away: what is not there holds nothing. */
    private List<String> cameAgain(Workload workload) {
        InFlight.Counts left;
        try {
            left = inFlight.counts(workload);
        } catch (UnavailableException away) {
            return List.of("not known: " + away.getMessage());
        }
        return sum(left) == 0
                ? List.of()
                : List.of("in Redis again since it was not needed: " + words(left)
                        + ": a producer still pushes to the list, or an instance keeps to legacy");
    }

    private static long sum(InFlight.Counts left) {
        return left.booked() + left.registered() + left.waiting() + left.processing();
    }

    private static String words(InFlight.Counts left) {
        return left.registered() + " items are registered, " + left.booked() + " in the book, "
                + (left.waiting() + left.processing()) + " messages in the list";
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
            if (sum(left) > 0) {
                open.add(words(left) + ": they end by themselves");
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
