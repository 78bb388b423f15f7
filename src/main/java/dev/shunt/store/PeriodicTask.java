package dev.shunt.store;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A chore that runs again and again on a daemon thread of its own; a failed run is logged and the next one comes. */
public final class PeriodicTask {

    private static final Logger log = LoggerFactory.getLogger(PeriodicTask.class);

    private final String name;
    private final Duration pause;
    private final Runnable chore;
    private @Nullable ScheduledExecutorService executor;

    /** @param pause between the end of one run and the start of the next */
    public PeriodicTask(String name, Duration pause, Runnable chore) {
        this.name = name;
        this.pause = pause;
        this.chore = chore;
    }

    public synchronized void start() {
        if (executor != null) {
            return;
        }
        executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name(name).daemon().factory());
        var unused =
                executor.scheduleWithFixedDelay(this::run, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    public synchronized void stop() {
        if (executor != null) {
            executor.shutdownNow();
            executor = null;
        }
    }

    public synchronized boolean isRunning() {
        return executor != null;
    }

    private void run() {
        try {
            chore.run();
        } catch (RuntimeException fault) {
            log.warn("{} failed and runs again in {}: {}", name, pause, fault.toString());
        } catch (Error fault) { // such as no memory left; the executor would keep it to itself and not run the chore
            // again
            log.error("{} failed and runs again in {}", name, pause, fault);
        }
    }
}
