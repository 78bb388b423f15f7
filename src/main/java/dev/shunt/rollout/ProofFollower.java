package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.InFlight;
import dev.shunt.core.Instance;
import dev.shunt.core.Percentage;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.routing.FlagSnapshot;
import dev.shunt.routing.Router;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows every rollback to its end, on every instance: raises a fence that is missing, notes who obeys and what is left,
 * and writes "complete" once. The order of the three looks matters: a registry that is empty after the fence is raised
 * and after all obey stays empty of what was decided before.
 */
final class ProofFollower {

    private static final Logger log = LoggerFactory.getLogger(ProofFollower.class);
    private static final long LOOK_ANYWAY_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long FORGET_EVERY_NANOS = Duration.ofHours(6).toNanos();

    private final ProofStore store;
    private final Fences fences;
    private final InFlight inFlight;
    private final Flights flights;
    private final InFlightOrders orders;
    private final Router router;
    private final WorkloadCatalog catalog;
    private final Instance instance;
    private final MeterRegistry meters;
    private final Map<Workload, Looked> looked = new ConcurrentHashMap<>();
    private long forgetAt = System.nanoTime();

    /** The last look that found nothing open. */
    private record Looked(Epoch epoch, long at) {}

    ProofFollower(
            ProofStore store,
            Fences fences,
            InFlight inFlight,
            Flights flights,
            InFlightOrders orders,
            Router router,
            WorkloadCatalog catalog,
            Instance instance,
            MeterRegistry meters) {
        this.store = store;
        this.fences = fences;
        this.inFlight = inFlight;
        this.flights = flights;
        this.orders = orders;
        this.router = router;
        this.catalog = catalog;
        this.instance = instance;
        this.meters = meters;
        catalog.workloads().forEach(this::durations);
    }

    private Timer durations(Workload workload) {
        return Timer.builder("shunt.rollback.duration")
                .description("From the order of a rollback until nothing of it was left to do")
                .tag("workload", workload.name())
                .register(meters);
    }

    /**
     * One look at every rollback that is open.
     *
     * @return whether one is open still
     */
    boolean look() {
        boolean open = orders.carryOutUnrecorded();
        for (Workload workload : catalog.workloads()) {
            try {
                open |= look(workload);
            } catch (UnavailableException away) {
                log.debug("Rollbacks of {} are looked at again in a moment: {}", workload, away.toString());
            }
        }
        return open;
    }

    private boolean look(Workload workload) {
        Epoch epoch = router.snapshot(workload).epoch();
        Looked last = looked.get(workload);
        if (last != null && last.epoch().equals(epoch) && System.nanoTime() - last.at() < LOOK_ANYWAY_NANOS) {
            return false;
        }
        long now = System.nanoTime();
        List<ProofStore.Row> open = store.open(workload, catalog.of(workload).feature());
        for (ProofStore.Row row : open) {
            follow(workload, row);
        }
        orders.pay();
        if (open.isEmpty()) {
            looked.put(workload, new Looked(epoch, now));
            forgetOld();
        } else {
            looked.remove(workload);
        }
        return !open.isEmpty();
    }

    private void follow(Workload workload, ProofStore.Row row) {
        boolean fenced = fenced(workload, row);
        store.look(workload, row);
        boolean obeyed =
                store.instances(row.id()).stream().noneMatch(one -> one.standing() == RollbackProof.Standing.LAGGARD);
        if (obeyed && row.obeyedAt().isEmpty() && store.obeyed(row.id())) {
            log.info("Rollback {} of {}: every live instance obeys epoch {}.", row.id(), workload, row.epoch());
        }
        if (!obeyed) {
            store.tellLaggards(workload, row);
        }
        if (!fenced) {
            return;
        }
        boolean superseded = supersededBy(row.epoch(), router.snapshot(workload));
        long left = flights.decidedBefore(workload, row.epoch(), superseded);
        store.remaining(row.id(), left);
        if (left > 0 && !superseded) {
            orders.carryOut(row.id(), workload, row.policy(), row.orderedAt());
        } else if (left == 0 && obeyed) {
            store.complete(row.id(), instance.id()).ifPresent(at -> completed(workload, row, at));
        }
    }

    private boolean fenced(Workload workload, ProofStore.Row row) {
        if (inFlight.fence(workload).isBefore(row.epoch()) && !fences.tryRaise(workload, row.epoch())) {
            return false;
        }
        if (row.fencedAt().isEmpty()) {
            store.fenced(row.id());
        }
        return true;
    }

    private void completed(Workload workload, ProofStore.Row row, Instant at) {
        Duration took = Duration.between(row.orderedAt(), at);
        if (took.isNegative()) {
            took = Duration.ZERO; // the clocks of who ordered and of the database differ
        }
        durations(workload).record(took);
        log.info(
                "Rollback {} of {} is complete at {}, took {} ms: fence at epoch {}, every live instance obeys, nothing in flight.",
                row.id(),
                workload,
                at,
                took.toMillis(),
                row.epoch());
    }

    /** Whether a newer version lets items to Temporal again. */
    static boolean supersededBy(Epoch epoch, FlagSnapshot flag) {
        return epoch.isBefore(flag.epoch()) && !flag.effective().equals(Percentage.ZERO);
    }

    private void forgetOld() {
        if (System.nanoTime() - forgetAt >= 0) {
            forgetAt = System.nanoTime() + FORGET_EVERY_NANOS;
            store.forgetOld();
        }
    }
}
