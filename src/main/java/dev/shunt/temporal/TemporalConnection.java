package dev.shunt.temporal;

import com.uber.m3.tally.RootScopeBuilder;
import com.uber.m3.tally.Scope;
import com.uber.m3.tally.ScopeCloseException;
import dev.shunt.core.Instance;
import dev.shunt.core.Trail;
import dev.shunt.core.Workload;
import dev.shunt.temporal.Bindings.Bound;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.reporter.MicrometerClientStatsReporter;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client and one set of workers, sharing a connection so that a start can hand its first task to a worker here. A
 * background thread connects, starts the workers when Temporal is there, and keeps asking for its health: Shunt starts and
 * serves whether Temporal is there or not.
 */
final class TemporalConnection {

    private static final Logger log = LoggerFactory.getLogger(TemporalConnection.class);
    private static final Duration CONNECT_DEADLINE = Duration.ofSeconds(5);
    private static final Duration HEALTH_DEADLINE = Duration.ofSeconds(2);
    private static final Duration HEALTH_PAUSE = Duration.ofSeconds(2);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final int FAULTS_UNTIL_AWAY = 2;
    private static final long DEADLOCK_MILLIS = 5_000; // a cold JVM under load trips the SDK's 1 s

    private final TemporalSettings settings;
    private final TemporalTransport transport;
    private final boolean polls;
    private final RpcDeadline deadline;
    private final Scope scope;
    private final WorkflowServiceStubs stubs;
    private final WorkflowClient client;
    private final WorkerFactory workers;
    private final WarmUp warmUp;
    private final SearchAttributesThere attributes;
    private final Map<Workload, Worker> workerOf = new HashMap<>();
    private final Set<Workload> paused = ConcurrentHashMap.newKeySet();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread keeper =
            Thread.ofPlatform().daemon().name("shunt-temporal-keeper").unstarted(this::keep);

    private volatile boolean reached;
    private volatile boolean connected;
    private volatile @Nullable String fault = "not connected yet";

    TemporalConnection(
            TemporalSettings settings,
            TemporalTransport transport,
            Instance instance,
            Bindings bindings,
            Ceilings ceilings,
            RpcDeadline deadline,
            DataConverter converter,
            MeterRegistry meters,
            boolean polls,
            Trail trail) {
        this.polls = polls;
        this.settings = settings;
        this.transport = transport;
        this.deadline = deadline;
        Gauge.builder("shunt.backend.up", this, one -> one.connected ? 1 : 0)
                .description("Whether a backend answers this instance")
                .tag("backend", "temporal")
                .register(meters);
        this.scope = new RootScopeBuilder()
                .reporter(new MicrometerClientStatsReporter(meters))
                .reportEvery(com.uber.m3.util.Duration.ofSeconds(10));
        var options = WorkflowServiceStubsOptions.newBuilder()
                .setTarget(settings.address())
                .setMetricsScope(scope);
        transport.secure(options);
        this.stubs = WorkflowServiceStubs.newServiceStubs(options.build());
        this.attributes = new SearchAttributesThere(settings, stubs, deadline);
        this.client = WorkflowClient.newInstance(
                stubs,
                WorkflowClientOptions.newBuilder()
                        .setNamespace(settings.namespace())
                        .setDataConverter(converter)
                        .setIdentity(instance.id())
                        .setContextPropagators(trail == Trail.NONE ? List.of() : List.of(new LineagePropagator()))
                        .build());
        this.workers = WorkerFactory.newInstance(
                client,
                WorkerFactoryOptions.newBuilder()
                        .setWorkflowCacheSize(settings.cache())
                        .setMaxWorkflowThreadCount(Math.max(settings.cache(), settings.maxConcurrentWorkflowTasks()))
                        .setWorkerInterceptors(
                                new ClosedWorkflows(ceilings::closed),
                                new TaskMeters(meters, bindings.all()),
                                new TrackedRuns(trail))
                        .build());
        if (polls) {
            bindings.all().forEach(this::addWorker);
        }
        this.warmUp = new WarmUp(client, instance, List.copyOf(bindings.all()), settings.warmUp());
    }

    private void addWorker(Bound bound) {
        Worker worker = workers.newWorker(
                bound.taskQueue(),
                WorkerOptions.newBuilder()
                        .setMaxConcurrentWorkflowTaskExecutionSize(settings.maxConcurrentWorkflowTasks())
                        .setMaxConcurrentActivityExecutionSize(settings.maxConcurrentActivities())
                        .setMaxConcurrentLocalActivityExecutionSize(settings.maxConcurrentActivities())
                        .setMaxConcurrentWorkflowTaskPollers(settings.pollersForWorkflowTasks())
                        .setMaxConcurrentActivityTaskPollers(settings.pollersForActivities())
                        .setDefaultDeadlockDetectionTimeout(DEADLOCK_MILLIS)
                        .build());
        worker.registerWorkflowImplementationTypes(bound.binding().implementation(), WarmUpWorkflow.Impl.class);
        worker.registerActivitiesImplementations(bound.binding().activities().toArray());
        worker.registerActivitiesImplementations(new WarmUpWorkflow.NoStep());
        workerOf.put(bound.definition().workload(), worker);
    }

    /** Also before the workers run: they then begin paused. */
    synchronized void pause(Workload workload) {
        worker(workload).suspendPolling();
        paused.add(workload);
    }

    synchronized void resume(Workload workload) {
        paused.remove(workload);
        worker(workload).resumePolling();
    }

    boolean isPaused(Workload workload) {
        return paused.contains(workload);
    }

    private Worker worker(Workload workload) {
        Worker worker = workerOf.get(workload);
        if (worker == null) {
            throw new IllegalArgumentException("no workload '" + workload + "' is defined");
        }
        return worker;
    }

    void open() {
        keeper.start();
    }

    /** The client, if the workers run and Temporal answered its last health check. */
    Optional<WorkflowClient> client() {
        return connected ? Optional.of(client) : Optional.empty();
    }

    WorkflowServiceStubs stubs() {
        return stubs;
    }

    boolean connected() {
        return connected;
    }

    boolean workersStarted() {
        return workers.isStarted();
    }

    /** Whether the server knows Shunt's search attributes. */
    boolean searchable() {
        return attributes.known();
    }

    /** What a failed call says. */
    String told(Throwable fault) {
        return transport.told(fault);
    }

    @Nullable
    String fault() {
        return fault;
    }

    private void keep() {
        int faults = 0;
        Duration pause = FIRST_PAUSE;
        do {
            try {
                connectOrCheck();
                faults = 0;
                pause = HEALTH_PAUSE;
            } catch (Exception away) {
                faults++;
                lost(away, faults);
                pause = faults == 1 ? FIRST_PAUSE : Collections.min(List.of(pause.multipliedBy(2), LONGEST_PAUSE));
            }
        } while (!stopped(pause));
    }

    private void connectOrCheck() throws Exception {
        if (reached) {
            deadline.within(HEALTH_DEADLINE, stubs::healthCheck);
            attributes.ask(HEALTH_DEADLINE);
        } else {
            deadline.within(CONNECT_DEADLINE, polls ? this::startWorkers : this::findNamespace);
            synchronized (this) { // asked for before there was anything to be paused
                paused.forEach(workload -> worker(workload).suspendPolling());
            }
            warmUp();
            attributes.ask(HEALTH_DEADLINE);
            reached = true;
            if (polls) {
                warmUp.run(paused);
            }
        }
        if (!connected) {
            fault = null;
            connected = true;
            log.info(
                    "Connected to Temporal{} at {}{}, namespace {}; {}.",
                    settings.inMemory() ? " (in memory: capped, forgets everything at exit)" : "",
                    settings.address(),
                    transport.clause(),
                    settings.namespace(),
                    polls ? "its workers run" : "workers are elsewhere");
        }
    }

    /** Again and again, if Temporal comes up in steps: those that run already go on. */
    private Object startWorkers() {
        workers.start();
        return workers;
    }

    /** What starting workers would have found out. */
    private Object findNamespace() {
        return stubs.blockingStub()
                .describeNamespace(DescribeNamespaceRequest.newBuilder()
                        .setNamespace(settings.namespace())
                        .build());
    }

    /** The first call on a cold JVM can take longer than a start may; let it be one that nobody waits for. */
    private void warmUp() throws Exception {
        try {
            deadline.within(
                    CONNECT_DEADLINE,
                    () -> client.newUntypedWorkflowStub("shunt:warm-up").describe());
        } catch (WorkflowNotFoundException expected) {
            log.trace("Warmed up.", expected);
        }
    }

    private void lost(Exception away, int faults) {
        String why = transport.told(away);
        boolean first = connected ? faults == FAULTS_UNTIL_AWAY : faults == 1 && !why.equals(fault);
        if (connected && faults < FAULTS_UNTIL_AWAY) {
            return;
        }
        connected = false;
        fault = why;
        if (first) {
            log.warn(
                    "Temporal at {}{} does not answer: {}. Items go to the legacy route; it is tried again every {} s at most.",
                    settings.address(),
                    transport.clause(),
                    why,
                    LONGEST_PAUSE.toSeconds());
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

    /** Lets tasks in hand end, then closes everything. Starts must have stopped before. */
    void close() {
        stop.countDown();
        connected = false;
        fault = "stopped";
        join(keeper);
        if (workers.isStarted()) { // else the SDK would ask a server that never answered, and fail
            endWorkers();
        }
        stubs.shutdown();
        stubs.awaitTermination(5, TimeUnit.SECONDS);
        stubs.shutdownNow();
        closeMetrics();
    }

    private void endWorkers() {
        workers.shutdown();
        await(settings.drainTimeout());
        if (!workers.isTerminated()) {
            log.warn(
                    "Tasks of Temporal did not end in {}; they are cut off and will be run again.",
                    settings.drainTimeout());
            workers.shutdownNow();
            await(Duration.ofSeconds(5));
        }
    }

    private void closeMetrics() {
        try {
            scope.close();
        } catch (ScopeCloseException unreported) {
            log.debug("The last metrics of the SDK were not reported; the stop goes on.", unreported);
        }
    }

    private void await(Duration time) {
        try {
            workers.awaitTermination(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RuntimeException race) {
            // SDK issue 2951: a worker's field is set to null while it is awaited.
            log.debug("Waiting for the workers to end was cut short; the stop goes on.", race);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(CONNECT_DEADLINE.toMillis());
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        }
    }
}
