package dev.shunt.temporal;

import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Starts and stops the parts of the Temporal route in their order, and sweeps in between. */
final class TemporalRoute implements SmartLifecycle, TemporalMonitor {

    private static final Logger log = LoggerFactory.getLogger(TemporalRoute.class);
    private static final Duration LOOK = Duration.ofMillis(500);

    /** Stops after the door and the consumers, which have higher phases, and before the stores are closed. */
    private static final int PHASE = 1_000;

    private final TemporalSettings settings;
    private final TemporalConnection connection;
    private final Bindings bindings;
    private final Starter starter;
    private final Sweeper sweeper;
    private final EndedRuns endedRuns;
    private final Recaller recaller;
    private final Ceilings ceilings;
    private final CircuitBreaker breaker;
    private final RpcDeadline deadline;
    private final Set<Workload> unswept = new HashSet<>(); // of the sweeping thread
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread sweeping =
            Thread.ofPlatform().daemon().name("shunt-temporal-sweeper").unstarted(this::sweep);
    private volatile boolean running;

    TemporalRoute(
            TemporalSettings settings,
            TemporalConnection connection,
            Bindings bindings,
            Starter starter,
            Sweeper sweeper,
            EndedRuns endedRuns,
            Recaller recaller,
            Ceilings ceilings,
            CircuitBreaker breaker,
            RpcDeadline deadline) {
        this.settings = settings;
        this.connection = connection;
        this.bindings = bindings;
        this.starter = starter;
        this.sweeper = sweeper;
        this.endedRuns = endedRuns;
        this.recaller = recaller;
        this.ceilings = ceilings;
        this.breaker = breaker;
        this.deadline = deadline;
    }

    @Override
    public void start() {
        running = true;
        connection.open();
        starter.open();
        sweeping.start();
    }

    @Override
    public void stop() {
        running = false;
        if (stop.getCount() == 0) {
            return;
        }
        stop.countDown();
        starter.close();
        recaller.close();
        connection.close();
        deadline.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    @Override
    public TemporalState state() {
        return new TemporalState(
                settings.address(),
                settings.namespace(),
                settings.inMemory(),
                connection.connected(),
                connection.workersStarted(),
                breaker.getState().name(),
                ceilings.starts(),
                ceilings.openNow(),
                ceilings.exhausted(),
                connection.fault());
    }

    /** The first sweep takes all: what was in flight when the last instance ended. Later ones are shared by all instances. */
    private void sweep() {
        boolean first = true;
        while (!stopped(LOOK)) {
            boolean connected = connection.connected();
            boolean takeAll = first && connected;
            boolean whole = true;
            for (var bound : bindings.all()) {
                Workload workload = bound.definition().workload();
                whole &= takeAll
                        ? swept(workload, () -> sweeper.sweep(workload, Duration.ZERO))
                        : swept(workload, () -> sweeper.sweepInTurn(workload, settings.sweepInterval(), connected));
                if (connected) {
                    endedRuns.lookInTurn(workload);
                }
            }
            first &= !(takeAll && whole);
        }
    }

    private boolean swept(Workload workload, Runnable sweep) {
        try {
            sweep.run();
            unswept.remove(workload);
            return true;
        } catch (UnavailableException away) {
            if (unswept.add(workload)) {
                log.warn("The registry of {} could not be swept: {}. It is tried again.", workload, away.getMessage());
            }
            return false;
        } catch (RuntimeException surprise) {
            log.error("The registry of {} could not be swept. It is tried again.", workload, surprise);
            return true;
        }
    }

    private boolean stopped(Duration pause) {
        try {
            return stop.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
