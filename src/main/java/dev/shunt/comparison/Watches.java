package dev.shunt.comparison;

import dev.shunt.core.Workload;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** All watches, and the two threads that keep them going: checks and looks never wait for each other. */
final class Watches implements SmartLifecycle {

    private final List<Watch> watches;
    private final Duration interval;
    private final boolean automatic;

    private @Nullable ScheduledExecutorService threads;

    /** @param automatic whether this process has a role that looks */
    Watches(List<Watch> watches, Duration interval, boolean automatic) {
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
                2, Thread.ofPlatform().name("shunt-watch-", 0).daemon().factory());
        long pause = interval.toMillis();
        for (Watch watch : watches) {
            var unusedCheck = started.scheduleWithFixedDelay(watch.check()::run, pause, pause, TimeUnit.MILLISECONDS);
            var unusedLook =
                    started.scheduleWithFixedDelay(watch.conservation()::look, pause, pause, TimeUnit.MILLISECONDS);
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
