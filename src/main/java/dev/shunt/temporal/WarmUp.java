package dev.shunt.temporal;

import dev.shunt.core.Instance;
import dev.shunt.core.Workload;
import dev.shunt.temporal.Bindings.Bound;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a few empty workflows before the first item is let in. In a cold JVM the first start of a workflow takes longer
 * than an item may wait for it, so that without this the first items of every new instance would fall back to legacy.
 */
final class WarmUp {

    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);
    private static final Duration EACH = Duration.ofSeconds(10);
    private static final Duration ALL = Duration.ofSeconds(20);

    private final WorkflowClient client;
    private final Instance instance;
    private final List<Bound> bounds;
    private final int rounds;

    /** @param rounds workflows of each workload's task queue; 0 for none */
    WarmUp(WorkflowClient client, Instance instance, List<Bound> bounds, int rounds) {
        this.client = client;
        this.instance = instance;
        this.bounds = bounds;
        this.rounds = rounds;
    }

    /**
     * Never fails: a server that cannot do this shows it at the first item, which then goes to legacy.
     *
     * @param paused workloads that take no tasks, and are left cold
     */
    void run(Set<Workload> paused) {
        long begun = System.nanoTime();
        int done = 0;
        try {
            for (int round = 0; round < rounds && System.nanoTime() - begun < ALL.toNanos(); round++) {
                for (Bound bound : bounds) {
                    if (!paused.contains(bound.definition().workload())) {
                        runOne(bound, round);
                        done++;
                    }
                }
            }
            log.debug("Warmed up with {} empty workflows", done);
        } catch (Exception failed) {
            log.warn("Warming up ended after {} empty workflows: {}", done, failed.getMessage());
        }
    }

    private void runOne(Bound bound, int round) throws Exception {
        WorkflowStub stub = client.newUntypedWorkflowStub(
                WarmUpWorkflow.TYPE,
                WorkflowOptions.newBuilder()
                        .setWorkflowId("shunt-warm-up:" + instance.id() + ":" + bound.taskQueue() + ":" + round)
                        .setTaskQueue(bound.taskQueue())
                        .setWorkflowExecutionTimeout(EACH)
                        .setDisableEagerExecution(false)
                        .build());
        stub.start();
        stub.getResult(EACH.toMillis(), TimeUnit.MILLISECONDS, Void.class);
    }
}
