package dev.shunt.comparison;

import dev.shunt.comparison.PairTally.End;
import dev.shunt.core.Route;
import dev.shunt.core.Seldom;
import dev.shunt.core.ShadowRoute;
import dev.shunt.core.ShadowWorkload;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.store.Divergences;
import dev.shunt.store.PeriodicTask;
import dev.shunt.store.ShadowSchema;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Takes sampled items and has each processed a second time, a batch at a time, in few threads of its own. A fault in here
 * makes a pair count as failed and nothing else.
 */
final class ShadowPairs implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ShadowPairs.class);
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final Duration FLUSH = Duration.ofSeconds(1);
    private static final Duration PRESSURE = Duration.ofMillis(100);
    private static final Duration PREPARED_AGAIN = Duration.ofSeconds(5);
    private static final Duration CLEANED_AGAIN = Duration.ofMinutes(1);

    /** Before the route that carries the runs. */
    private static final int PHASE = 2_000;

    private final Map<Workload, ShadowWorkload> workloads;
    private final Map<Route, ShadowRoute> routes;
    private final ShadowSwitches switches;
    private final SampledQueue queue;
    private final Sampler sampler;
    private final Pressure pressure;
    private final PairTally tally;
    private final ShadowSchema schema;
    private final Divergences divergences;
    private final ShadowSettings settings;
    private final Clock clock;
    private final PeriodicTask chores;
    private final PeriodicTask looks;
    private final Seldom refused = new Seldom();
    private final String runPrefix = Long.toString(ThreadLocalRandom.current().nextLong(1L << 31, 1L << 40), 36);
    private final AtomicLong runs = new AtomicLong();
    private final Set<Workload> prepared = new HashSet<>();
    private final List<Thread> threads = new ArrayList<>();

    private long refusedAt = System.nanoTime() - PREPARED_AGAIN.toNanos();
    private long cleanedAt = System.nanoTime();
    private volatile @Nullable String problem;
    private volatile boolean running;

    ShadowPairs(
            Map<Workload, ShadowWorkload> workloads,
            Map<Route, ShadowRoute> routes,
            ShadowSwitches switches,
            SampledQueue queue,
            Sampler sampler,
            Pressure pressure,
            PairTally tally,
            ShadowSchema schema,
            Divergences divergences,
            ShadowSettings settings,
            Clock clock) {
        this.workloads = Map.copyOf(workloads);
        this.routes = Map.copyOf(routes);
        this.switches = switches;
        this.queue = queue;
        this.sampler = sampler;
        this.pressure = pressure;
        this.tally = tally;
        this.schema = schema;
        this.divergences = divergences;
        this.settings = settings;
        this.clock = clock;
        this.chores = new PeriodicTask("shunt-shadow-chores", FLUSH, this::chores);
        this.looks = new PeriodicTask("shunt-shadow-pressure", PRESSURE, () -> pressure.look(readyNames()));
    }

    /** Why the last run that failed did; null if none did since one succeeded. */
    @Nullable
    String problem() {
        return problem;
    }

    private void work() {
        while (running) {
            try {
                List<SampledItem> batch = queue.take(settings.batch(), PATIENCE, settings.linger(), this::isDue);
                if (!batch.isEmpty()) {
                    Workload workload = batch.getFirst().workload();
                    if (!calm(workload)) {
                        batch.forEach(item -> tally.ended(item, End.SHED));
                    } else if (!isDue(workload)) {
                        batch.forEach(this::again);
                    } else {
                        runBatch(new ArrayList<>(batch));
                    }
                }
            } catch (InterruptedException stopping) {
                return;
            }
        }
    }

    /** A workload that has a backlog waits in the queue and keeps no thread; what nobody wants any more need not wait. */
    private boolean isDue(Workload workload) {
        return !pressure.sheds(workload) || !switches.inForce(workload).active();
    }

    /**
     * What was taken already waits here for the processors; what comes meanwhile waits in the queue, and is shed when that is full.
     *
     * @return false if nobody wants the pairs any more: a rollback needs for its own what they would take
     */
    private boolean calm(Workload workload) throws InterruptedException {
        while (running && switches.inForce(workload).active() && pressure.isBusy()) {
            Thread.sleep(PRESSURE.toMillis());
        }
        return switches.inForce(workload).active();
    }

    private void runBatch(List<SampledItem> batch) {
        try {
            SampledItem example = batch.getFirst();
            ShadowWorkload workload = workloads.get(example.workload());
            ShadowRoute route = routes.get(example.shadow());
            if (workload == null || route == null) {
                throw new IllegalStateException(example.workload() + " has no shadow on " + example.shadow());
            }
            route.unready().ifPresent(why -> {
                throw new IllegalStateException(route.route() + " cannot run shadows: " + why);
            });
            new PairRunner(
                            workload,
                            route,
                            divergences,
                            tally,
                            settings.timeout(),
                            () -> runPrefix + "-" + Long.toString(runs.incrementAndGet(), 36),
                            this::failed,
                            clock)
                    .run(batch, this::again);
            if (batch.isEmpty()) {
                problem = null;
            }
        } catch (RuntimeException | Error fault) {
            failed(words(fault));
            if (!(fault instanceof UnavailableException)) {
                log.debug("A batch of shadow pairs failed", fault);
            }
        } finally {
            batch.forEach(item -> tally.ended(item, End.FAILED)); // those that have not ended by themselves
        }
    }

    private static String words(Throwable fault) {
        return fault.getCause() == null ? fault.toString() : fault.getMessage() + ": " + fault.getCause();
    }

    private void failed(String why) {
        problem = why;
        refused.log(more -> log.warn(
                "Shadow runs failed ({} more times lately): {}. They count as failed; the work is not concerned",
                more,
                why));
    }

    private void again(SampledItem item) {
        if (!queue.offer(item)) {
            tally.ended(item, End.SHED);
        }
    }

    /**
     * Makes the private tables ready the first time that somebody wants them; only then is anything sampled. After a failure
     * it is tried again, not at once.
     */
    private synchronized void begin(Workload name) {
        ShadowWorkload workload = workloads.get(name);
        if (workload == null
                || !running
                || prepared.contains(name)
                || !switches.inForce(name).active()) {
            return;
        }
        if (System.nanoTime() - refusedAt < PREPARED_AGAIN.toNanos()) {
            return;
        }
        try {
            schema.migrate();
            workload.prepare();
            clean(workload);
            prepared.add(name);
            sampler.open(prepared);
            log.info("Shadow pairs of {} can be run: their tables are in schema {}", name, ShadowSchema.NAME);
        } catch (RuntimeException fault) {
            refusedAt = System.nanoTime();
            failed(words(fault));
        }
    }

    private void clean(ShadowWorkload workload) {
        Duration age = settings.timeout().multipliedBy(3).plus(CLEANED_AGAIN);
        workload.removeLeftovers(age);
        schema.removeLeftovers(age);
    }

    private void chores() {
        tally.flush();
        workloads.keySet().forEach(this::begin);
        if (System.nanoTime() - cleanedAt > CLEANED_AGAIN.toNanos()) {
            cleanedAt = System.nanoTime();
            ready().forEach(this::clean);
        }
    }

    private synchronized Set<Workload> readyNames() {
        return Set.copyOf(prepared);
    }

    private synchronized List<ShadowWorkload> ready() {
        return workloads.values().stream()
                .filter(workload -> prepared.contains(workload.workload()))
                .toList();
    }

    @Override
    public void start() {
        running = true;
        chores.start();
        looks.start();
        for (int i = 0; i < settings.threads(); i++) {
            threads.add(Thread.ofPlatform().daemon().name("shunt-shadow-" + i).start(this::work));
        }
        switches.whenOrdered(this::begin);
    }

    @Override
    public void stop() {
        sampler.open(Set.of());
        running = false;
        threads.forEach(Thread::interrupt);
        threads.clear();
        chores.stop();
        looks.stop();
        queue.drain().forEach(item -> tally.ended(item, End.SHED));
        try {
            tally.flush();
        } catch (RuntimeException away) {
            log.debug("The last counts of shadow pairs are lost", away);
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
