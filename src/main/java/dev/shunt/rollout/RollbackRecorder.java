package dev.shunt.rollout;

import dev.shunt.core.UnavailableException;
import dev.shunt.core.WorkloadCatalog;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Once a second: brings rollbacks that could not be finished when they were ordered to their end. */
final class RollbackRecorder implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RollbackRecorder.class);
    private static final long EVERY_MS = 1000;
    private static final int FENCES_EVERY = 5;

    private final PendingRollbacks pending;
    private final Fences fences;
    private final WorkloadCatalog catalog;
    private final CountDownLatch stop = new CountDownLatch(1);
    private @Nullable Thread thread;

    RollbackRecorder(PendingRollbacks pending, Fences fences, WorkloadCatalog catalog) {
        this.pending = pending;
        this.fences = fences;
        this.catalog = catalog;
    }

    private void run() {
        try {
            for (int round = 0; !stop.await(EVERY_MS, TimeUnit.MILLISECONDS); round++) {
                advance(round % FENCES_EVERY == 0);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void advance(boolean fencesToo) {
        try {
            pending.advance();
            if (fencesToo) {
                catalog.workloads().forEach(fences::raiseOwed);
            }
        } catch (UnavailableException away) {
            log.debug("Rollbacks are looked at again in a second: {}", away.toString());
        } catch (RuntimeException e) {
            log.error("Rollbacks cannot be brought to their end; tried again in a second.", e);
        }
    }

    @Override
    public void start() {
        thread = Thread.ofPlatform().daemon().name("shunt-rollback").start(this::run);
    }

    @Override
    public void stop() {
        stop.countDown();
        thread = null;
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /** After the router, before the door. */
    @Override
    public int getPhase() {
        return 1;
    }
}
