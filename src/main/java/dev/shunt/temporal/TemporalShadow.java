package dev.shunt.temporal;

import com.google.protobuf.ByteString;
import dev.shunt.core.Route;
import dev.shunt.core.ShadowRoute;
import dev.shunt.core.ShadowWorkload;
import dev.shunt.temporal.ShadowBatch.Begun;
import io.temporal.api.common.v1.Payload;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TimeoutFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Runs items a second time as workflows with ids of their own, on task queues of their own. */
final class TemporalShadow implements ShadowRoute, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(TemporalShadow.class);

    /** The in-memory server keeps every workflow for ever. */
    private static final long IN_MEMORY_RUNS = 20_000;

    /** Of a run that begins when the time of its batch is nearly over. */
    private static final Duration LEAST = Duration.ofSeconds(1);

    private static final ShadowBatch BATCH = new ShadowBatch(2, LEAST, LEAST);

    /** Before the connection that it uses. */
    private static final int PHASE = 1_500;

    private final TemporalSettings settings;
    private final TemporalConnection connection;
    private final RpcDeadline deadline;
    private final ShadowSlots slots;
    private final AtomicLong started = new AtomicLong();
    private volatile boolean running;

    TemporalShadow(TemporalSettings settings, TemporalConnection connection, RpcDeadline deadline, ShadowSlots slots) {
        this.settings = settings;
        this.connection = connection;
        this.deadline = deadline;
        this.slots = slots;
    }

    @Override
    public Route route() {
        return Route.TEMPORAL;
    }

    @Override
    public Optional<String> unready() {
        if (!running || !connection.connected()) {
            return Optional.of("not connected: " + connection.fault());
        }
        return settings.inMemory() && started.get() >= IN_MEMORY_RUNS
                ? Optional.of("the in-memory server has taken " + IN_MEMORY_RUNS + " shadow runs, which is all it may")
                : Optional.empty();
    }

    @Override
    public List<Ended> run(ShadowWorkload workload, List<Run> runs, Duration within) {
        WorkflowClient client = connection.client().orElse(null);
        if (client == null) {
            return runs.stream()
                    .<Ended>map(run -> new Ended.Failed("not connected"))
                    .toList();
        }
        long until = System.nanoTime() + within.toNanos();
        slots.start(client, workload);
        return BATCH.run(runs, within, run -> begin(client, workload, run, until));
    }

    private Begun begin(WorkflowClient client, ShadowWorkload workload, Run run, long until) {
        Duration left = Duration.ofNanos(Math.max(LEAST.toNanos(), until - System.nanoTime()));
        WorkflowStub stub = client.newUntypedWorkflowStub(
                workload.workflow().workflowType(),
                WorkflowOptions.newBuilder()
                        .setWorkflowId(WorkflowIds.ofShadow(
                                run.id(), workload.workload(), run.stamp().key()))
                        .setTaskQueue(slots.taskQueue(workload.workload()))
                        .setWorkflowExecutionTimeout(left)
                        .setDisableEagerExecution(!settings.eagerStart())
                        .build());
        try {
            byte[] argument = run.stamp().appendTo(run.message());
            deadline.within(settings.startDeadline(), () -> stub.start(new RawValue(json(argument))));
            started.incrementAndGet();
        } catch (Exception failed) {
            var fault = new Ended.Failed("could not be started: " + failed.getMessage());
            return new Begun(CompletableFuture.completedFuture(fault), () -> {});
        }
        CompletableFuture<Ended> end = stub.getResultAsync(
                        left.plus(LEAST).toMillis(), TimeUnit.MILLISECONDS, RawValue.class)
                .handle((result, failure) -> failure == null ? new Ended.Done() : failure(failure));
        return new Begun(end, () -> cancel(stub));
    }

    private static Ended failure(Throwable failure) {
        Throwable cause = failure.getCause();
        if (failure instanceof CompletionException && cause != null) {
            return failure(cause);
        }
        return switch (failure) {
            case TimeoutException late -> new Ended.Late();
            case WorkflowException failed -> failure(failed);
            default -> new Ended.Failed(String.valueOf(failure.getMessage()));
        };
    }

    private static Ended failure(WorkflowException failed) {
        Throwable cause = failed.getCause();
        if (cause instanceof ApplicationFailure why) {
            return new Ended.Rejected(String.valueOf(why.getOriginalMessage()));
        }
        return cause instanceof TimeoutFailure || cause instanceof CanceledFailure
                ? new Ended.Late()
                : new Ended.Failed(String.valueOf(failed.getMessage()));
    }

    private void cancel(WorkflowStub stub) {
        try {
            deadline.within(settings.startDeadline(), () -> {
                stub.cancel("its time as a shadow is over");
                return stub;
            });
        } catch (Exception away) {
            log.debug("A late shadow run could not be cancelled; its own timeout ends it", away);
        }
    }

    private static Payload json(byte[] bytes) {
        return Payload.newBuilder()
                .putMetadata("encoding", ByteString.copyFromUtf8("json/plain"))
                .setData(ByteString.copyFrom(bytes))
                .build();
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        slots.stop();
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
