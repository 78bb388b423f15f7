package dev.shunt.temporal;

import com.google.protobuf.ByteString;
import dev.shunt.core.Route;
import dev.shunt.core.ShadowRoute;
import dev.shunt.core.ShadowWorkload;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Runs items a second time as workflows with ids of their own, on task queues of their own. */
final class TemporalShadow implements ShadowRoute, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(TemporalShadow.class);

    /** The in-memory server keeps every workflow for ever. */
    private static final long IN_MEMORY_RUNS = 20_000;

    private static final int AT_ONCE = 2;

    /** Of a run that begins when the time of its batch is over; it ends as late. */
    private static final Duration LEAST = Duration.ofSeconds(1);

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
        List<Begun> begun = new ArrayList<>();
        List<Ended> ends = new ArrayList<>();
        for (Run run : runs) { // a few at a time: a burst of starts would be felt by the live work
            begun.add(begin(client, workload, run, until));
            if (begun.size() >= AT_ONCE) {
                ends.add(end(begun.get(ends.size()), until));
            }
        }
        while (ends.size() < runs.size()) {
            ends.add(end(begun.get(ends.size()), until));
        }
        return ends;
    }

    /** @param fault why it could not be started; null if it was */
    private record Begun(WorkflowStub stub, @Nullable String fault) {}

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
            return new Begun(stub, null);
        } catch (Exception failed) {
            return new Begun(stub, "could not be started: " + failed.getMessage());
        }
    }

    private Ended end(Begun begun, long until) {
        return begun.fault() == null ? end(begun.stub(), until) : new Ended.Failed(begun.fault());
    }

    private Ended end(WorkflowStub stub, long until) {
        long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime()));
        try {
            stub.getResult(left, TimeUnit.MILLISECONDS, RawValue.class);
            return new Ended.Done();
        } catch (TimeoutException late) {
            cancel(stub);
            return new Ended.Late();
        } catch (WorkflowException failed) {
            return failure(failed);
        } catch (RuntimeException away) {
            cancel(stub);
            return new Ended.Failed(String.valueOf(away.getMessage()));
        }
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
