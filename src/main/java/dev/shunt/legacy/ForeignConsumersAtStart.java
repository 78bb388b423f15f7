package dev.shunt.legacy;

import dev.shunt.core.Preflight.Finding;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Looks for other consumers before Shunt's own begin. While Redis is away nothing can be said, and Shunt starts. */
final class ForeignConsumersAtStart implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ForeignConsumersAtStart.class);

    /** Before the consumers. */
    private static final int PHASE = 1_900;

    private final ForeignConsumers foreign;
    private final WorkloadCatalog catalog;
    private volatile boolean running;

    ForeignConsumersAtStart(ForeignConsumers foreign, WorkloadCatalog catalog) {
        this.foreign = foreign;
        this.catalog = catalog;
    }

    /** @throws IllegalStateException naming the client and the list; nothing was taken from it */
    @Override
    public void start() {
        for (Workload workload : catalog.workloads()) {
            switch (foreign.check(workload)) {
                case Finding.Refused refused -> throw new IllegalStateException(refused.whatToDo());
                case Finding.Unknown unknown ->
                    log.info("Whether others consume the queue of {} is not known: {}", workload, unknown.why());
                case Finding.Pass pass -> log.debug("{}: {}", workload, pass.seen());
            }
        }
        running = true;
    }

    @Override
    public void stop() {
        running = false;
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
