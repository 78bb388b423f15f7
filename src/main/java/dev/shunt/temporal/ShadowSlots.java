package dev.shunt.temporal;

import dev.shunt.core.ShadowWorkload;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers of shadow runs: their own few slots, cache and task queues, so that no run can take one from the live work.
 * Started when the first run comes.
 */
final class ShadowSlots {

    private static final Logger log = LoggerFactory.getLogger(ShadowSlots.class);
    private static final int TASKS = 10;
    private static final int POLLERS = 2;
    private static final int CACHE = 100;
    private static final long DEADLOCK_MILLIS = 5_000;
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final WorkloadCatalog catalog;
    private final Map<Workload, WorkerFactory> started = new HashMap<>();

    ShadowSlots(WorkloadCatalog catalog) {
        this.catalog = catalog;
    }

    String taskQueue(Workload workload) {
        return catalog.of(workload).taskQueue() + "-shadow";
    }

    synchronized void start(WorkflowClient client, ShadowWorkload workload) {
        if (started.containsKey(workload.workload())) {
            return;
        }
        WorkerFactory factory = WorkerFactory.newInstance(
                client,
                WorkerFactoryOptions.newBuilder()
                        .setWorkflowCacheSize(CACHE)
                        .setMaxWorkflowThreadCount(CACHE)
                        .build());
        Worker worker = factory.newWorker(
                taskQueue(workload.workload()),
                WorkerOptions.newBuilder()
                        .setMaxConcurrentWorkflowTaskExecutionSize(TASKS)
                        .setMaxConcurrentActivityExecutionSize(TASKS)
                        .setMaxConcurrentLocalActivityExecutionSize(TASKS)
                        .setMaxConcurrentWorkflowTaskPollers(POLLERS)
                        .setMaxConcurrentActivityTaskPollers(POLLERS)
                        .setDefaultDeadlockDetectionTimeout(DEADLOCK_MILLIS)
                        .build());
        worker.registerWorkflowImplementationTypes(workload.workflow().implementation());
        worker.registerActivitiesImplementations(
                workload.workflow().activities().toArray());
        factory.start();
        started.put(workload.workload(), factory);
        log.info(
                "Shadow runs of {} have their worker on task queue {}",
                workload.workload(),
                taskQueue(workload.workload()));
    }

    synchronized void stop() {
        started.values().forEach(WorkerFactory::shutdownNow);
        for (WorkerFactory factory : started.values()) {
            try {
                factory.awaitTermination(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RuntimeException race) {
                log.debug("Waiting for the shadow workers to end was cut short; the stop goes on.", race);
            }
        }
        started.clear();
    }
}
