package dev.shunt.rollout;

import dev.shunt.core.WorkloadCatalog;
import java.time.Duration;

/** Once a second: brings rollbacks that could not be finished when they were ordered to their end. */
final class RollbackRecorder extends Loop {

    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final int FENCES_EVERY = 5;

    private final PendingRollbacks pending;
    private final Fences fences;
    private final WorkloadCatalog catalog;
    private int round; // of the thread

    RollbackRecorder(PendingRollbacks pending, Fences fences, WorkloadCatalog catalog) {
        super("shunt-rollback", "Rollbacks that could not be finished", EVERY);
        this.pending = pending;
        this.fences = fences;
        this.catalog = catalog;
    }

    @Override
    Duration look() {
        boolean fencesToo = round++ % FENCES_EVERY == 0;
        pending.advance();
        if (fencesToo) {
            catalog.workloads().forEach(fences::raiseOwed);
        }
        return EVERY;
    }
}
