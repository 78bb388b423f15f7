package dev.shunt.comparison;

import dev.shunt.core.Workload;
import dev.shunt.store.WatchPasses;
import dev.shunt.store.WatchPasses.Last;
import dev.shunt.store.WatchPasses.Pass;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** All watches, and the threads that keep them going, two for each: checks and looks never wait for each other. */
final class Watches implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Watches.class);
    private static final Duration LEAST_PATIENCE = Duration.ofMinutes(1);
    private static final int SEVERAL = 5;

    private final List<Watch> watches;
    private final Duration interval;
    private final boolean automatic;
    private final WatchPasses passes;
    private final Clock clock;

    private @Nullable ScheduledExecutorService threads;

    /** @param automatic whether this process has a role that looks */
    Watches(List<Watch> watches, Duration interval, boolean automatic, WatchPasses passes, Clock clock) {
        this.passes = passes;
        this.clock = clock;
        this.watches = List.copyOf(watches);
        this.interval = interval;
        this.automatic = automatic;
    }

    /** @throws IllegalArgumentException if there is no such workload */
    Watch of(Workload workload) {
        return watches.stream()
                .filter(watch -> watch.workload().equals(workload))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no workload '" + workload + "'; known: "
                        + watches.stream().map(watch -> watch.workload().name()).toList()));
    }

    /** How old a pass may be that something is said by: several intervals. */
    Duration patience() {
        Duration several = interval.multipliedBy(SEVERAL);
        return several.compareTo(LEAST_PATIENCE) > 0 ? several : LEAST_PATIENCE;
    }

    /** The stored items of a workload, once. */
    void check(Watch watch) {
        note(watch, Pass.CHECK, watch.check().run());
    }

    /** Whether something accepted is nowhere, once. */
    void look(Watch watch) {
        note(watch, Pass.CONSERVATION, watch.conservation().look());
    }

    /** Nobody would start it again after an error such as a stack that is too small. */
    private void again(Runnable work) {
        try {
            work.run();
        } catch (Error fault) {
            log.error("A look of those who watch failed; the next one comes in {}", interval, fault);
        }
    }

    private void note(Watch watch, Pass pass, boolean passed) {
        try {
            if (passed) {
                passes.passed(watch.workload(), pass, patience());
            }
        } catch (RuntimeException away) { // then it grows old, which is seen
            log.debug("That a pass of {} came to its end cannot be noted; the next one is", watch.workload(), away);
        }
    }

    /**
     * What is not known of a workload because the watching itself has failed for a while, one clause each; empty if it has
     * not. The check runs on one instance of all; each instance that reports looks for missing items by itself.
     *
     * @throws dev.shunt.core.UnavailableException if Postgres cannot be read
     */
    List<String> unseen(Workload workload) {
        Watch watch = of(workload);
        List<String> unseen = new ArrayList<>();
        Last last = passes.last(workload).get(Pass.CHECK);
        if (last == null || !last.fresh()) {
            String obstacle = watch.check().obstacle();
            unseen.add("the check has not come to its end " + (last == null ? "yet" : "since " + last.at())
                    + (obstacle == null ? "" : ": " + obstacle));
        }
        Conservation.Look look = watch.conservation().last();
        Instant at = look.at();
        if (at == null) {
            unseen.add("nobody has looked yet whether every accepted item is somewhere");
        } else if (at.plus(patience()).isBefore(clock.instant())) {
            unseen.add("nobody could look since " + at + " whether every accepted item is somewhere");
        }
        return unseen;
    }

    @Override
    public boolean isAutoStartup() {
        return automatic;
    }

    @Override
    public synchronized void start() {
        if (threads != null) {
            return;
        }
        ScheduledExecutorService started = Executors.newScheduledThreadPool(
                2 * watches.size(),
                Thread.ofPlatform().name("shunt-watch-", 0).daemon().factory());
        long pause = interval.toMillis();
        for (Watch watch : watches) {
            for (Runnable work : List.<Runnable>of(() -> check(watch), () -> look(watch))) {
                var unused = started.scheduleWithFixedDelay(() -> again(work), pause, pause, TimeUnit.MILLISECONDS);
            }
        }
        threads = started;
    }

    @Override
    public synchronized void stop() {
        if (threads != null) {
            threads.shutdownNow();
            threads.close();
            threads = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return threads != null;
    }
}
