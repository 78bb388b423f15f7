package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.InFlight;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.routing.Router;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rollbacks that were ordered but that Postgres has not recorded. Each is obeyed here by a hold and everywhere by a stop
 * in Redis; it survives a restart in the data folder. Once recorded, the fence is raised, then the stop is lifted, then
 * the hold: at every moment one of them keeps Temporal out.
 */
final class PendingRollbacks {

    private static final Logger log = LoggerFactory.getLogger(PendingRollbacks.class);

    /**
     * @param stopLine its line in Redis
     * @param takenHere whether this instance answers for it; otherwise it was found in Redis
     */
    private record Pending(RollbackOrder order, String stopLine, boolean takenHere) {}

    private final Map<String, Pending> pending = new ConcurrentHashMap<>();
    private final OrderFolder folder;
    private final FlagWriter flag;
    private final Fences fences;
    private final InFlight inFlight;
    private final Router router;
    private final WorkloadCatalog catalog;
    private final Clock clock;

    /** Loads what an earlier process left and holds it at once, before the router has read any flag. */
    PendingRollbacks(
            OrderFolder folder,
            FlagWriter flag,
            Fences fences,
            InFlight inFlight,
            Router router,
            WorkloadCatalog catalog,
            Clock clock) {
        this.folder = folder;
        this.flag = flag;
        this.fences = fences;
        this.inFlight = inFlight;
        this.router = router;
        this.catalog = catalog;
        this.clock = clock;
        for (RollbackOrder order : folder.load(catalog.workloads())) {
            if (catalog.workloads().contains(order.workload())) {
                hold(new Pending(order, order.line(), true));
            } else {
                log.warn(
                        "Rollback {} is for {}, which is not configured. Kept, not obeyed.",
                        order.id(),
                        order.workload());
            }
        }
    }

    /**
     * Keeps an order before anything is done about it: if this process dies between the fence and the record, the next one
     * records it. Never fails: a disk that is full keeps no rollback from being taken.
     */
    void keep(RollbackOrder order) {
        try {
            folder.keep(order);
        } catch (IOException | RuntimeException e) {
            log.error(
                    "Rollback {} of {} cannot be kept on disk. It is obeyed until this process ends; Redis may keep it.",
                    order.id(),
                    order.workload(),
                    e);
        }
    }

    /** A kept order that is recorded. Never fails: a file that stays is known as recorded when it is read again. */
    void forget(RollbackOrder order) {
        try {
            folder.forget(order);
        } catch (IOException | RuntimeException e) {
            log.warn(
                    "Rollback {} of {} is recorded, but its file cannot be removed: {}. The next start does.",
                    order.id(),
                    order.workload(),
                    e.toString());
        }
    }

    /**
     * Takes an order that Postgres could not record.
     *
     * @return whether the stop stands in Redis, so that every instance obeys now
     */
    boolean take(RollbackOrder order) {
        var taken = new Pending(order, order.line(), true);
        hold(taken);
        keep(order);
        return stop(taken);
    }

    boolean isPending(Workload workload) {
        if (pending.values().stream().anyMatch(p -> p.order().workload().equals(workload))) {
            return true;
        }
        try {
            return inFlight.stopOrder(workload).isPresent();
        } catch (UnavailableException away) {
            log.debug(
                    "Stop orders of {} cannot be read: {}. Only this instance's own count.", workload, away.toString());
            return false;
        }
    }

    /** Orders that are obeyed and not recorded, as far as this instance knows. */
    List<RollbackOrder> orders() {
        return pending.values().stream().map(Pending::order).toList();
    }

    /** Looks for stop orders and fences of other instances, and records whatever can be recorded now. */
    void advance() {
        for (Workload workload : catalog.workloads()) {
            adopt(workload);
            obeyFence(workload);
        }
        pending.values().forEach(this::record);
    }

    /**
     * A rollback that this instance cannot read from Postgres. Registrations are refused by the fence itself; items of a
     * retired workload are not registered, and no lease ends for them. Ends by itself with the flag's next version.
     */
    private void obeyFence(Workload workload) {
        fences.current(workload)
                .filter(fence -> router.snapshot(workload).epoch().isBefore(fence))
                .ifPresent(fence -> router.obeyFrom(workload, fence));
    }

    private void adopt(Workload workload) {
        Optional<String> line = stopOrder(workload);
        if (line.isEmpty()
                || pending.values().stream().anyMatch(p -> p.stopLine().equals(line.get()))) {
            return;
        }
        RollbackOrder order = RollbackOrder.parse(line.get())
                .filter(known -> known.workload().equals(workload))
                .orElseGet(() -> RollbackOrder.of(workload, new Actor("unknown", false), line.get(), clock));
        hold(new Pending(order, line.get(), false));
    }

    private void hold(Pending order) {
        router.hold(order.order().workload(), order.order().id());
        if (pending.putIfAbsent(order.order().id(), order) == null) {
            log.warn(
                    "{} is held on legacy: rollback {} is not recorded yet.",
                    order.order().workload(),
                    order.stopLine());
        }
    }

    private void record(Pending one) {
        Workload workload = one.order().workload();
        try {
            Epoch newerThan = router.snapshot(workload).epoch();
            Epoch epoch = flag.record(one.order(), catalog.of(workload).feature(), newerThan);
            fences.raise(workload, epoch);
            inFlight.liftStop(workload, one.stopLine());
            router.release(workload, one.order().id(), epoch);
            folder.forget(one.order());
            pending.remove(one.order().id());
            log.info(
                    "Rollback {} of {} is recorded as epoch {}; the hold is lifted.",
                    one.order().id(),
                    workload,
                    epoch);
        } catch (UnavailableException away) {
            log.debug("Rollback {} of {} stays pending: {}.", one.order().id(), workload, away.toString());
            if (one.takenHere()) {
                stop(one); // again each time: Redis may have been away, or another order's end lifted it
            }
        } catch (IOException e) {
            log.warn(
                    "Rollback {} of {} is recorded, but its file cannot be removed. Tried again.",
                    one.order().id(),
                    workload,
                    e);
        }
    }

    private boolean stop(Pending order) {
        try {
            inFlight.orderStop(order.order().workload(), order.stopLine());
            return true;
        } catch (UnavailableException away) {
            log.debug(
                    "The stop of {} cannot be put into Redis: {}. Tried again.",
                    order.order().workload(),
                    away.toString());
            return false;
        }
    }

    private Optional<String> stopOrder(Workload workload) {
        try {
            return inFlight.stopOrder(workload);
        } catch (UnavailableException away) {
            log.debug("Stop orders of {} cannot be read: {}. Read again in a second.", workload, away.toString());
            return Optional.empty();
        }
    }
}
