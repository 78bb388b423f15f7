package dev.shunt.intake;

import dev.shunt.core.InFlight;
import dev.shunt.core.InRoles;
import dev.shunt.core.RetiredWorkloads;
import dev.shunt.core.Role;
import dev.shunt.core.Route;
import dev.shunt.core.RouteGateway;
import dev.shunt.core.RouteGateway.Dispatch;
import dev.shunt.core.Seldom;
import dev.shunt.core.StandIn;
import dev.shunt.core.StandIn.Standing;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadDefinition;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Brings items that stand in Postgres into the legacy list once Redis is back; of a retired workload, onto Temporal. Each enters by the same step as at the
 * door: an item that the book knows is not pushed again. A crash between that step and the forgetting repeats it; if the
 * item was settled meanwhile, the store finds its second delivery done.
 */
@InRoles({Role.INGEST, Role.LEGACY_CONSUMER})
@Component
final class StandInMerge implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(StandInMerge.class);
    private static final int BATCH = 200;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Ends after the door is closed and before the consumers stop. */
    private static final int PHASE = 3_000;

    private final StandIn standIn;
    private final InFlight inFlight;
    private final RetiredWorkloads retired;
    private final List<RouteGateway> gateways;
    private final List<Workload> workloads;
    private final Map<Workload, Long> waiting = new ConcurrentHashMap<>();
    private final Seldom stay = new Seldom();
    private @Nullable ScheduledExecutorService thread;

    StandInMerge(
            StandIn standIn,
            InFlight inFlight,
            RetiredWorkloads retired,
            List<RouteGateway> gateways,
            List<WorkloadDefinition> definitions,
            MeterRegistry meters) {
        this.standIn = standIn;
        this.inFlight = inFlight;
        this.retired = retired;
        this.gateways = List.copyOf(gateways);
        this.workloads = definitions.stream().map(WorkloadDefinition::workload).toList();
        for (Workload workload : workloads) {
            Gauge.builder("shunt.standin.items", () -> waiting.getOrDefault(workload, 0L))
                    .description("Items accepted while Redis was away that stand in Postgres")
                    .tag("workload", workload.name())
                    .register(meters);
        }
    }

    /** Nobody would start it again after an error such as no memory left. */
    private void mergeAgain() {
        try {
            merge();
        } catch (Error fault) {
            log.error("Items stay in Postgres; tried again in {}", PAUSE, fault);
        }
    }

    /** Throws no exception: what it could not bring over is tried again. */
    void merge() {
        for (Workload workload : workloads) {
            try {
                merge(workload);
            } catch (UnavailableException away) {
                log.debug("Items of {} stay in Postgres: {}", workload, away.getMessage());
            } catch (RuntimeException fault) {
                log.error("Items of {} stay in Postgres; tried again in {}", workload, PAUSE, fault);
            }
        }
    }

    private void merge(Workload workload) {
        long standing = standIn.size(workload);
        waiting.put(workload, standing);
        if (standing == 0) {
            return;
        }
        Optional<RouteGateway> alone = alone(workload);
        if (alone.isEmpty()) {
            inFlight.fence(workload); // throws while Redis is away, before anything is locked
        }
        Consumer<Standing> taker = alone.<Consumer<Standing>>map(route -> one -> bringBack(route, one))
                .orElse(this::accept);
        int merged = 0;
        try {
            int taken;
            do {
                taken = standIn.giveBack(workload, BATCH, taker);
                merged += taken;
            } while (taken > 0); // a batch of large items, or of slow ones, has fewer
        } catch (UnavailableException away) {
            stay.log(more -> log.warn(
                    "Items of {} stay in Postgres: {} ({} more times lately). Tried again in {}.",
                    workload,
                    away.getMessage(),
                    more,
                    PAUSE));
        }
        if (merged > 0) {
            log.info(
                    "{} items of {} that stood in Postgres are {}",
                    merged,
                    workload,
                    alone.isPresent() ? "on Temporal" : "in the legacy list");
        }
        waiting.put(workload, standIn.size(workload));
    }

    /** The route that takes everything; empty while the workload has its legacy route. */
    private Optional<RouteGateway> alone(Workload workload) {
        return gateways.stream()
                .filter(gateway -> gateway.route() == Route.TEMPORAL && retired.isRetired(workload))
                .findFirst();
    }

    private static void bringBack(RouteGateway temporal, Standing standing) {
        if (temporal.dispatchAlone(standing.item(), standing.decision().broughtToTemporal())
                instanceof Dispatch.Refused refused) {
            throw new UnavailableException(refused.why(), refused.retryAfter(), null);
        }
    }

    private void accept(Standing standing) {
        inFlight.acceptOnLegacy(standing.item(), standing.decision());
    }

    @Override
    public synchronized void start() {
        if (thread != null) {
            return;
        }
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("shunt-standin").factory());
        var unused = started.scheduleWithFixedDelay(this::mergeAgain, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        thread = started;
    }

    /** The batch in hand ends first: half of one would be given again for nothing. */
    @Override
    public synchronized void stop() {
        ScheduledExecutorService stopping = thread;
        thread = null;
        if (stopping == null) {
            return;
        }
        stopping.shutdown();
        try {
            if (!stopping.awaitTermination(5, TimeUnit.SECONDS)) {
                stopping.shutdownNow();
            }
        } catch (InterruptedException hurried) {
            stopping.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
