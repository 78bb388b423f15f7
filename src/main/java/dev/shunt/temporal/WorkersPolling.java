package dev.shunt.temporal;

import dev.shunt.core.Preflight;
import dev.shunt.core.Workload;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.TaskQueueType;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflowservice.v1.DescribeTaskQueueRequest;
import java.time.Duration;
import java.time.Instant;

/** Whether somebody takes tasks from the workload's task queue. */
final class WorkersPolling implements Preflight {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    /** Servers remember who polled in the last five minutes; a poll lasts one. */
    private static final Duration RECENTLY = Duration.ofSeconds(90);

    private final TemporalSettings settings;
    private final TemporalConnection connection;
    private final Bindings bindings;
    private final RpcDeadline deadline;

    WorkersPolling(TemporalSettings settings, TemporalConnection connection, Bindings bindings, RpcDeadline deadline) {
        this.settings = settings;
        this.connection = connection;
        this.bindings = bindings;
        this.deadline = deadline;
    }

    @Override
    public String subject() {
        return "workers on the task queue";
    }

    @Override
    public boolean beforeEachRaise() {
        return false;
    }

    @Override
    public Finding check(Workload workload) {
        String queue = bindings.of(workload).taskQueue();
        if (connection.isPaused(workload)) {
            return new Finding.Refused("this instance's workers are paused: POST /api/v1/instance/temporal/resume");
        }
        try {
            long workflows = pollers(queue, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW);
            long activities = pollers(queue, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY);
            String seen = workflows + " workers poll " + queue + " for workflows, " + activities + " for activities";
            return workflows > 0 && activities > 0
                    ? new Finding.Pass(seen)
                    : new Finding.Refused(
                            seen + "; start an instance whose shunt.workloads." + workload + ".task-queue is " + queue);
        } catch (StatusRuntimeException refused) {
            return refused.getStatus().getCode() == Status.Code.UNIMPLEMENTED
                    ? new Finding.Unknown("the server does not tell who polls " + queue)
                    : new Finding.Unknown("who polls " + queue + " cannot be asked: " + refused.getMessage());
        } catch (Exception away) {
            return new Finding.Unknown("who polls " + queue + " cannot be asked: " + away.getMessage());
        }
    }

    private long pollers(String queue, TaskQueueType type) throws Exception {
        long since = Instant.now().minus(RECENTLY).getEpochSecond();
        return deadline
                .within(
                        PATIENCE,
                        () -> connection
                                .stubs()
                                .blockingStub()
                                .describeTaskQueue(DescribeTaskQueueRequest.newBuilder()
                                        .setNamespace(settings.namespace())
                                        .setTaskQueue(TaskQueue.newBuilder().setName(queue))
                                        .setTaskQueueType(type)
                                        .build()))
                .getPollersList()
                .stream()
                .filter(poller -> poller.getLastAccessTime().getSeconds() >= since)
                .map(poller -> poller.getIdentity())
                .distinct()
                .count();
    }
}
