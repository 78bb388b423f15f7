package dev.shunt.routing;

import static java.util.stream.Collectors.toMap;

import dev.shunt.core.Bucket;
import dev.shunt.core.Epoch;
import dev.shunt.core.Instance;
import dev.shunt.core.Percentage;
import dev.shunt.core.Reason;
import dev.shunt.core.RetiredWorkloads;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecider;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.ff4j.FF4j;
import org.ff4j.store.JdbcFeatureStore;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Decides routes from this instance's snapshot of the flag, and tells which instance obeys which version.
 *
 * <p>A decision takes volatile reads only. Everything that casts doubt on the flag sends work to legacy: no snapshot or
 * a lease that is over (LEASE), an instance switched off (HELD), a rollback that the flag does not show yet (FENCED). Only
 * of a retired workload a lease that is over says nothing: there is no legacy route to be sent to.
 */
public final class Router implements RouteDecider, RetiredWorkloads, SmartLifecycle {

    private static final Duration START_PATIENCE = Duration.ofSeconds(2);
    private static final Duration AWAY = Duration.ofSeconds(2);
    private static final long LOOK_AGAIN_MS = 50;

    private final Map<Workload, FlagCell> cells;
    private final Lease lease;
    private final boolean held;
    private final Duration leaseLength;
    private final DataSource connections;
    private final FF4j ff4j;
    private final Clock clock;
    private final FlagListener listener;
    private @Nullable Thread thread;

    Router(
            WorkloadCatalog catalog,
            FlagDatabase database,
            Instance instance,
            RoutingSettings settings,
            boolean useTemporal,
            Clock clock) {
        this.cells = cells(catalog, clock);
        this.clock = clock;
        this.leaseLength = settings.lease();
        this.lease = new Lease(settings.lease(), System::nanoTime);
        this.held = !useTemporal;
        this.connections = database.connections("shunt-flag");
        var byFeature = cells.values().stream().collect(toMap(c -> c.snapshot().feature(), c -> c));
        this.ff4j = FlagFacade.over(new SnapshotStore(byFeature, new JdbcFeatureStore(connections)));
        this.listener = new FlagListener(
                connections,
                new FlagReader(clock),
                new Acknowledgements(instance.id(), settings.lease()),
                cells,
                lease,
                held);
    }

    @Override
    public RouteDecision decide(Workload workload, String routingKey) {
        FlagCell cell = cells.get(workload);
        if (cell == null) {
            Bucket bucket = Bucket.of(workload, routingKey);
            return RouteDecision.byFlag(bucket, Percentage.ZERO, Epoch.NONE).divertedToLegacy(Reason.LEASE);
        }
        Bucket bucket = cell.scale().place(routingKey);
        if (!cell.snapshot().pins().isEmpty()) {
            RouteDecision pinned = pinned(cell, bucket, routingKey);
            if (pinned != null) {
                return pinned;
            }
        }
        RouteDecision flagged = flagged(cell, bucket);
        if (flagged.decided() == Route.LEGACY && !flagged.epoch().equals(Epoch.NONE)) {
            return flagged;
        }
        Reason objection = objection(cell, flagged.epoch());
        return objection == null ? flagged : flagged.divertedToLegacy(objection);
    }

    /** What a pin says; null without one, and where it would send to Temporal what may not go there now. */
    private @Nullable RouteDecision pinned(FlagCell cell, Bucket bucket, String routingKey) {
        FlagSnapshot snapshot = cell.snapshot();
        Route route = snapshot.pins().route(routingKey, clock.instant());
        Percentage share = snapshot.effective();
        boolean off = share.equals(Percentage.ZERO) || objection(cell, snapshot.epoch()) != null;
        if (route == null || (route == Route.TEMPORAL && off)) {
            return null; // a rollback is stronger than a pin
        }
        Route byFlag = share.includes(bucket) ? Route.TEMPORAL : Route.LEGACY;
        return RouteDecision.pinned(byFlag, route, bucket, share, snapshot.epoch());
    }

    /** FF4j's answer together with the snapshot that it came from: asked again if the flag changed in between. */
    private RouteDecision flagged(FlagCell cell, Bucket bucket) {
        while (true) {
            FlagSnapshot snapshot = cell.snapshot();
            boolean on = ff4j.check(snapshot.feature(), BucketContext.of(bucket));
            if (snapshot.equals(cell.snapshot())) {
                Route route = on ? Route.TEMPORAL : Route.LEGACY;
                return new RouteDecision(route, route, Reason.FLAG, bucket, snapshot.effective(), snapshot.epoch());
            }
        }
    }

    private @Nullable Reason objection(FlagCell cell, Epoch epoch) {
        if (held) {
            return Reason.HELD;
        }
        if (!cell.mayRoute(epoch)) {
            return Reason.FENCED;
        }
        return lease.holds() || cell.snapshot().retired() ? null : Reason.LEASE;
    }

    @Override
    public boolean isRetired(Workload workload) {
        FlagCell cell = cells.get(workload);
        return cell != null && cell.snapshot().retired();
    }

    @Override
    public boolean isReleased(Workload workload) {
        FlagCell cell = cells.get(workload);
        return cell != null && cell.snapshot().retired() && cell.snapshot().legacySide() == LegacySide.RELEASED;
    }

    /** FF4j over Shunt's snapshot; reads are free, writes go to its tables and are obeyed like any other change. */
    public FF4j ff4j() {
        return ff4j;
    }

    /** The version of the flag that this instance obeys now. */
    public FlagSnapshot snapshot(Workload workload) {
        return cell(workload).snapshot();
    }

    /** Whether the snapshot is believed; otherwise everything goes to legacy. */
    public boolean trustsFlag() {
        return lease.holds();
    }

    /** Whether this instance was switched off by {@code shunt.use-temporal-workflows=false}. */
    public boolean held() {
        return held;
    }

    /** How long an instance that cannot read the flag may go on with its last snapshot. */
    public Duration lease() {
        return leaseLength;
    }

    /**
     * Sends everything to legacy from this moment on, whatever the flag says.
     *
     * @param order the rollback that asks for it; several may hold at once
     */
    public void hold(Workload workload, String order) {
        cell(workload).hold(order);
    }

    /**
     * Ends a hold: the flag decides again as soon as this instance has read the given version or a newer one.
     *
     * @param from the version that carries the rollback
     */
    public void release(Workload workload, String order, Epoch from) {
        cell(workload).release(order, from);
    }

    /** Sends everything to legacy until this instance has read the given version of the flag or a newer one. */
    public void obeyFrom(Workload workload, Epoch oldest) {
        cell(workload).trustFrom(oldest);
    }

    /**
     * Instances heard of in the last ten minutes.
     *
     * @throws UnavailableException if the flag's database cannot be read
     */
    public List<InstanceState> instances(Workload workload) {
        try (Connection connection = connections.getConnection()) {
            return Acknowledgements.read(connection, workload);
        } catch (SQLException e) {
            throw new UnavailableException("the instances' acknowledgements cannot be read", AWAY, e);
        }
    }

    /**
     * Waits until every live instance obeys a version.
     *
     * @param atMost how long to wait
     * @return the instances as they were last seen; those that do not obey yet are the laggards
     * @throws UnavailableException if the flag's database cannot be read
     */
    public List<InstanceState> awaitObeyed(Workload workload, Epoch epoch, Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        try (Connection connection = connections.getConnection()) {
            while (true) {
                List<InstanceState> instances = Acknowledgements.read(connection, workload);
                if (instances.stream().allMatch(i -> i.obeys(epoch)) || System.nanoTime() - end >= 0) {
                    return instances;
                }
                Thread.sleep(LOOK_AGAIN_MS);
            }
        } catch (SQLException e) {
            throw new UnavailableException("the instances' acknowledgements cannot be read", AWAY, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted while waiting for acknowledgements", AWAY, e);
        }
    }

    @Override
    public void start() {
        thread = Thread.ofPlatform().daemon().name("shunt-flag").start(listener);
        try {
            listener.awaitFirstRead(START_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        Thread running = thread;
        if (running == null) {
            return;
        }
        listener.stop();
        try {
            running.join(Duration.ofSeconds(3));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lease.end();
        ff4j.stop();
        thread = null;
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /** Before the door and the consumers open, after they are closed. */
    @Override
    public int getPhase() {
        return 0;
    }

    private FlagCell cell(Workload workload) {
        FlagCell cell = cells.get(workload);
        if (cell == null) {
            throw new IllegalArgumentException("no workload " + workload + "; known: " + cells.keySet());
        }
        return cell;
    }

    private static Map<Workload, FlagCell> cells(WorkloadCatalog catalog, Clock clock) {
        return Map.copyOf(catalog.settings().entrySet().stream()
                .collect(toMap(
                        Map.Entry::getKey,
                        e -> new FlagCell(
                                e.getKey(),
                                FlagSnapshot.none(e.getValue().feature(), "not read yet", clock.instant())))));
    }
}
