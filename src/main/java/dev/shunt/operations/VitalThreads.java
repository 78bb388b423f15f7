package dev.shunt.operations;

import java.lang.Thread.UncaughtExceptionHandler;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Says that the process is broken when a thread has died that runs as long as it does and that nobody would start again. Their
 * loops outlive every fault of a backend; what ends one is an error such as no memory left.
 */
@Component
final class VitalThreads implements SmartLifecycle, UncaughtExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(VitalThreads.class);
    private static final List<String> VITAL = List.of(
            "shunt-flag",
            "shunt-controller",
            "shunt-temporal-keeper",
            "shunt-temporal-starter",
            "shunt-temporal-sweeper",
            "shunt-lane-",
            "shunt-replays",
            "shunt-rollback",
            "shunt-proof",
            "legacy-");

    private final ApplicationEventPublisher events;
    private @Nullable UncaughtExceptionHandler before;
    private boolean started;

    VitalThreads(ApplicationEventPublisher events) {
        this.events = events;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable fault) {
        if (VITAL.stream().anyMatch(thread.getName()::startsWith)) {
            log.error(
                    "Thread {} has died. /health says so, and the process is to be started anew",
                    thread.getName(),
                    fault);
            AvailabilityChangeEvent.publish(
                    events, "thread " + thread.getName() + " has died (" + fault + ")", LivenessState.BROKEN);
        }
        UncaughtExceptionHandler other = previous();
        if (other != null) {
            other.uncaughtException(thread, fault);
        }
    }

    private synchronized @Nullable UncaughtExceptionHandler previous() {
        return before;
    }

    @Override
    public synchronized void start() {
        before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler(this);
        started = true;
    }

    @Override
    public synchronized void stop() {
        if (Thread.getDefaultUncaughtExceptionHandler() == this) {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        started = false;
    }

    @Override
    public synchronized boolean isRunning() {
        return started;
    }

    /** Before the threads. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE;
    }
}
