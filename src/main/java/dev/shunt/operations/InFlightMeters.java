package dev.shunt.operations;

import dev.shunt.core.InFlight;
import dev.shunt.core.InFlight.Counts;
import dev.shunt.core.RetiredWorkloads;
import dev.shunt.core.Route;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** How much is in flight on each route and how old the oldest is, as Redis tells every few seconds. */
@Component
final class InFlightMeters implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(InFlightMeters.class);
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final InFlight inFlight;
    private final RetiredWorkloads retired;
    private final WorkloadCatalog catalog;
    private final Clock clock;
    private final Map<Workload, Counts> last = new ConcurrentHashMap<>();
    private final NextInLine next = new NextInLine();
    private volatile boolean up;
    private @Nullable ScheduledExecutorService thread;

    InFlightMeters(
            InFlight inFlight, RetiredWorkloads retired, WorkloadCatalog catalog, Clock clock, MeterRegistry meters) {
        this.retired = retired;
        this.inFlight = inFlight;
        this.catalog = catalog;
        this.clock = clock;
        Gauge.builder("shunt.backend.up", this, InFlightMeters::redis)
                .description("Whether a backend answers this instance")
                .tag("backend", "redis")
                .register(meters);
        for (Workload workload : catalog.workloads()) {
            flight(meters, workload, Route.LEGACY, counts -> counts.waiting() + counts.processing());
            flight(meters, workload, Route.TEMPORAL, Counts::registered);
            oldest(
                    meters,
                    workload,
                    Route.LEGACY,
                    counts -> age(counts.oldestWaiting().or(() -> next.since(workload))));
            oldest(meters, workload, Route.TEMPORAL, counts -> age(counts.oldestRegistered()));
        }
    }

    private void flight(MeterRegistry meters, Workload workload, Route route, ToDoubleFunction<Counts> value) {
        Gauge.builder("shunt.in.flight", () -> known(workload, value))
                .description("Accepted and not settled")
                .tag("workload", workload.name())
                .tag("route", route.name())
                .register(meters);
    }

    private void oldest(MeterRegistry meters, Workload workload, Route route, ToDoubleFunction<Counts> value) {
        Gauge.builder("shunt.oldest.waiting", () -> known(workload, value))
                .description("Age of the oldest that is accepted and not settled")
                .baseUnit("seconds")
                .tag("workload", workload.name())
                .tag("route", route.name())
                .register(meters);
    }

    private double known(Workload workload, ToDoubleFunction<Counts> value) {
        Counts counts = last.get(workload);
        return counts == null ? Double.NaN : value.applyAsDouble(counts);
    }

    private double age(Optional<Instant> since) {
        return since.map(time ->
                        Math.max(0, Duration.between(time, clock.instant()).toMillis() / 1_000.0))
                .orElse(0.0);
    }

    /** Without value once nothing is left that needs Redis: one that is gone for good is no fault. */
    private double redis() {
        return catalog.workloads().stream().allMatch(retired::isReleased) ? Double.NaN : up ? 1 : 0;
    }

    /** Never throws: what cannot be read has no value. */
    void look() {
        try {
            for (Workload workload : catalog.workloads()) {
                if (retired.isReleased(workload)) {
                    last.remove(workload);
                    next.forget(workload);
                } else {
                    Counts counts = inFlight.counts(workload);
                    next.look(workload, counts, clock.instant());
                    last.put(workload, counts);
                    up = true;
                }
            }
        } catch (UnavailableException away) {
            log.debug("What is in flight is not known now: {}", away.getMessage());
            up = false;
            last.clear();
        } catch (RuntimeException | Error fault) { // nobody would start it again
            log.warn("What is in flight could not be counted; tried again in {}", EVERY, fault);
            last.clear();
        }
    }

    @Override
    public synchronized void start() {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("shunt-in-flight-meters").factory());
        var unused = started.scheduleWithFixedDelay(this::look, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
        thread = started;
    }

    @Override
    public synchronized void stop() {
        if (thread != null) {
            thread.shutdownNow();
            thread = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }
}
