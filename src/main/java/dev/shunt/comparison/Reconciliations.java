package dev.shunt.comparison;

import dev.shunt.core.Reconciliation;
import dev.shunt.core.Reconciliation.Order;
import dev.shunt.core.Reconciliation.Repair;
import dev.shunt.core.Reconciliation.State;
import dev.shunt.core.SummaryChange;
import dev.shunt.core.Workload;
import dev.shunt.store.ReconciliationRuns;
import dev.shunt.store.SummaryRepairs;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Orders, runs and remembers reconciliations: one of each workload at a time, over all instances. */
public final class Reconciliations implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Reconciliations.class);
    private static final Duration BEAT = Duration.ofSeconds(2);
    private static final Duration LOOK = Duration.ofMinutes(1);
    private static final int VERIFIERS = 2;
    private static final String STOPPED = "its instance was stopped";

    private final Map<Workload, ReconciliationRun.Sources> sources;
    private final ReconciliationRuns runs;
    private final SummaryRepairs repairs;
    private final String instance;
    private final Duration every;
    private final Duration missingAfter;
    private final Clock clock;

    private @Nullable ScheduledExecutorService beats;
    private @Nullable ExecutorService workers;

    Reconciliations(
            Map<Workload, ReconciliationRun.Sources> sources,
            ReconciliationRuns runs,
            SummaryRepairs repairs,
            String instance,
            Duration every,
            Duration missingAfter,
            Clock clock) {
        this.sources = Map.copyOf(sources);
        this.runs = runs;
        this.repairs = repairs;
        this.instance = instance;
        this.every = every;
        this.missingAfter = missingAfter;
        this.clock = clock;
    }

    /** What became of an order. */
    public sealed interface Answer {
        /** It runs. */
        record Started(Reconciliation run) implements Answer {}

        /** It does not, for this reason. */
        record Refused(String why) implements Answer {}
    }

    /**
     * Begins one in the background.
     *
     * @throws dev.shunt.core.UnavailableException if Postgres is away
     */
    public synchronized Answer order(Order order) {
        ReconciliationRun.Sources asked = sources.get(order.workload());
        ExecutorService free = workers;
        ScheduledExecutorService beating = beats;
        if (asked == null || free == null || beating == null) {
            return new Answer.Refused("no reconciliation of " + order.workload() + " can run on this instance now");
        }
        if (order.repair() == Repair.APPLY && !runs.repairable(order.workload(), order.from(), order.until())) {
            return new Answer.Refused("a repair needs a finished dry run of the same window, not older than an hour");
        }
        Optional<Reconciliation> begun = runs.begin(order, instance);
        begun.ifPresent(run -> free.execute(() -> carryOut(run, asked, beating)));
        return begun.<Answer>map(Answer.Started::new)
                .orElseGet(() -> new Answer.Refused("a reconciliation of " + order.workload() + " is running already"));
    }

    /** The window of the newest dry run, if it may be repaired without saying it again. */
    public Optional<Reconciliation> repairable(Workload workload) {
        return runs.repairable(workload);
    }

    /** Newest first, at most 200. */
    public List<Reconciliation> list(@Nullable Workload workload) {
        return runs.list(workload);
    }

    public Optional<Reconciliation> find(long id) {
        return runs.find(id);
    }

    /** @param applied false: a dry run would have changed it so */
    public record Repaired(SummaryChange change, boolean applied, String by, Instant at) {}

    /** What a run repaired or would repair, at most 1,000 rows. */
    public List<Repaired> repairs(long run) {
        return repairs.of(run).stream()
                .map(each -> new Repaired(each.change(), each.applied(), each.actor(), each.at()))
                .toList();
    }

    private void carryOut(Reconciliation order, ReconciliationRun.Sources asked, ScheduledExecutorService beating) {
        Thread self = Thread.currentThread();
        try (ExecutorService verifiers = Executors.newFixedThreadPool(
                VERIFIERS,
                Thread.ofPlatform().name("shunt-reconcile-verify-", 0).daemon().factory())) {
            var run = new ReconciliationRun(order, asked, missingAfter, verifiers, clock);
            try {
                // refused if this instance is stopping already
                ScheduledFuture<?> beat = beating.scheduleWithFixedDelay(
                        () -> beat(order, run, self), BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
                try {
                    run.run();
                } finally {
                    beat.cancel(false);
                }
                note(order, run);
                runs.end(order.id(), State.DONE, null);
                log.info("Reconciliation {} of {} is done: {}", order.id(), order.workload(), run.progress());
            } catch (InterruptedException stopping) {
                verifiers.shutdownNow();
                runs.end(order.id(), State.INTERRUPTED, STOPPED);
            } catch (RuntimeException failure) {
                verifiers.shutdownNow();
                failed(order, run, failure);
            }
        } catch (RuntimeException away) {
            // nobody beats for it any more: it is shown as interrupted
            log.warn("How reconciliation {} ended could not be noted: {}", order.id(), away.getMessage());
        }
    }

    private void failed(Reconciliation order, ReconciliationRun run, RuntimeException failure) {
        boolean interrupted = Thread.interrupted(); // or nothing could be noted any more
        if (interrupted || !isRunning()) {
            runs.end(order.id(), State.INTERRUPTED, STOPPED);
            return;
        }
        log.warn(
                "Reconciliation {} of {} failed at {}; what it did not look at is not known",
                order.id(),
                order.workload(),
                run.progress().step(),
                failure);
        note(order, run);
        runs.end(order.id(), State.FAILED, run.progress().step() + ": " + failure.getMessage());
    }

    private boolean note(Reconciliation order, ReconciliationRun run) {
        ReconciliationRun.Progress now = run.progress();
        return runs.alive(order.id(), now.step(), now.items(), now.verified(), now.findings());
    }

    /** A run that is not running any more in the eyes of others must not go on beside the next one. */
    private void beat(Reconciliation order, ReconciliationRun run, Thread runner) {
        try {
            if (!note(order, run)) {
                runner.interrupt();
            }
        } catch (RuntimeException | Error away) { // nobody would start the beat again
            log.debug("No sign of life of reconciliation {} now: {}", order.id(), away.getMessage());
        }
    }

    /** Begins what is due. */
    void schedule() {
        Instant now = clock.instant();
        for (Workload workload : sources.keySet()) {
            try {
                if (runs.due(workload, now.minus(every))) {
                    var unused = order(new Order(workload, now.minus(every), now, Repair.NONE, true, "shunt"));
                }
            } catch (RuntimeException | Error away) { // nobody would look again
                log.warn("The reconciliation of {} could not begin: {}; tried again", workload, away.getMessage());
            }
        }
    }

    @Override
    public synchronized void start() {
        if (workers != null) {
            return;
        }
        workers = Executors.newCachedThreadPool(
                Thread.ofPlatform().name("shunt-reconcile-", 0).daemon().factory());
        ScheduledExecutorService started = Executors.newScheduledThreadPool(
                1, Thread.ofPlatform().name("shunt-reconcile-beat-", 0).daemon().factory());
        if (!every.isZero()) {
            var unused = started.scheduleWithFixedDelay(
                    this::schedule, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
        }
        beats = started;
    }

    @Override
    public void stop() {
        ExecutorService stopping;
        synchronized (this) {
            stopping = workers;
            workers = null;
            if (beats != null) {
                beats.shutdownNow();
                beats = null;
            }
        }
        if (stopping != null) {
            stopping.shutdownNow();
            try {
                if (!stopping.awaitTermination(5, TimeUnit.SECONDS)) {
                    log.warn("A reconciliation does not stop; it is shown as interrupted soon");
                }
            } catch (InterruptedException hurry) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return workers != null;
    }
}
