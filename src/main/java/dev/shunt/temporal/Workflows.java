package dev.shunt.temporal;

import com.google.protobuf.ByteString;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Lineage;
import dev.shunt.core.Retries.Retry;
import dev.shunt.core.Route;
import dev.shunt.core.RouteGateway.Description;
import dev.shunt.core.Stamp;
import dev.shunt.core.Trail;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.temporal.Bindings.Bound;
import dev.shunt.temporal.StartOutcome.AlreadyStarted;
import dev.shunt.temporal.StartOutcome.Cause;
import dev.shunt.temporal.StartOutcome.Failed;
import dev.shunt.temporal.StartOutcome.Started;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.grpc.Status;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowExecutionMetadata;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.converter.RawValue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The calls that Shunt makes about one item's workflow. Each ends within the start deadline. */
final class Workflows {

    private final TemporalSettings settings;
    private final TemporalConnection connection;
    private final Bindings bindings;
    private final CircuitBreaker breaker;
    private final RpcDeadline deadline;
    private final Ceilings ceilings;
    private final RouteMetrics metrics;
    private final ClaimCheck claimCheck;
    private final Trail trail;

    Workflows(
            TemporalSettings settings,
            TemporalConnection connection,
            Bindings bindings,
            CircuitBreaker breaker,
            RpcDeadline deadline,
            Ceilings ceilings,
            RouteMetrics metrics,
            ClaimCheck claimCheck,
            Trail trail) {
        this.trail = trail;
        this.settings = settings;
        this.connection = connection;
        this.bindings = bindings;
        this.breaker = breaker;
        this.deadline = deadline;
        this.ceilings = ceilings;
        this.metrics = metrics;
        this.claimCheck = claimCheck;
    }

    /** Whether a start makes sense now, without trying one. */
    Optional<Cause> unready() {
        if (!connection.connected()) {
            return Optional.of(Cause.NOT_CONNECTED);
        }
        return breaker.getState() == CircuitBreaker.State.OPEN ? Optional.of(Cause.BREAKER_OPEN) : Optional.empty();
    }

    /** The same in words. */
    Optional<String> whyUnready() {
        return unready()
                .map(cause -> cause == Cause.NOT_CONNECTED
                        ? "not connected: " + connection.fault()
                        : "too many starts failed; tried again in a moment");
    }

    /** Whether a workflow of this workload can carry a message of this size, stamp included, in whatever way. */
    boolean takes(Workload workload, int length) {
        return claimCheck.takes(bindings.of(workload), length);
    }

    /** Writes the body of a registered item again if its workflow was started with a reference and it is not there. */
    void renewBody(Workload workload, ItemKey key, byte[] stamped) {
        claimCheck.renew(bindings.of(workload), key, stamped);
    }

    /** @param stamped the message with its stamp: the workflow's one argument, or what its argument refers to */
    StartOutcome start(Workload workload, Stamp stamp, byte[] stamped) {
        return start(workload, stamp, stamped, Map.of());
    }

    /** The same of an item that nothing but its workflow holds; its run is marked, for {@link EndedRuns}. */
    StartOutcome startAlone(Workload workload, Stamp stamp, byte[] stamped) {
        return start(workload, stamp, stamped, Map.of(EndedRunsReader.ALONE, true));
    }

    private StartOutcome start(Workload workload, Stamp stamp, byte[] stamped, Map<String, Object> memo) {
        try (Trail.Step step = trail.begin("shunt start workflow", stamp.lineage())) {
            LineagePropagator.set(step.lineage());
            StartOutcome outcome = tryToStart(workload, stamp, stamped, memo);
            step.of(workload, stamp.key(), stamp.decision())
                    .with("shunt.outcome", outcome.getClass().getSimpleName());
            return outcome;
        } finally {
            LineagePropagator.set(Lineage.NONE);
        }
    }

    private StartOutcome tryToStart(Workload workload, Stamp stamp, byte[] stamped, Map<String, Object> memo) {
        StartOutcome outcome = connection
                .client()
                .map(client -> throughBreaker(client, workload, stamp, stamped, memo))
                .orElseGet(() -> new Failed(Cause.NOT_CONNECTED, String.valueOf(connection.fault())));
        metrics.start(workload, outcome);
        if (outcome instanceof Started) {
            ceilings.started();
        }
        return outcome;
    }

    private StartOutcome throughBreaker(
            WorkflowClient client, Workload workload, Stamp stamp, byte[] stamped, Map<String, Object> memo) {
        if (!breaker.tryAcquirePermission()) {
            return new Failed(Cause.BREAKER_OPEN, "too many starts failed");
        }
        long begun = System.nanoTime();
        String workflowId = WorkflowIds.of(workload, stamp.key());
        byte[] argument;
        try {
            // A part of the deadline, or a slow store would look like a slow server.
            Duration keeping = settings.startDeadline().multipliedBy(3).dividedBy(4);
            argument = claimCheck.argument(bindings.of(workload), stamp, stamped, keeping);
        } catch (UnavailableException away) {
            breaker.releasePermission(); // says nothing about Temporal
            return new Failed(Cause.CLAIM, String.valueOf(away.getMessage()));
        }
        try {
            WorkflowStub stub = client.newUntypedWorkflowStub(
                    bindings.of(workload).binding().workflowType(), options(workload, workflowId, stamp, memo));
            Duration left = settings.startDeadline().minusNanos(System.nanoTime() - begun);
            WorkflowExecution execution = deadline.within(left, () -> stub.start(new RawValue(json(argument))));
            breaker.onSuccess(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
            return new Started(workflowId, execution.getRunId());
        } catch (WorkflowExecutionAlreadyStarted already) {
            breaker.onSuccess(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
            return new AlreadyStarted(workflowId);
        } catch (Exception failed) {
            breaker.onError(System.nanoTime() - begun, TimeUnit.NANOSECONDS, failed);
            Status status = Status.fromThrowable(failed);
            Cause cause = status.getCode() == Status.Code.DEADLINE_EXCEEDED ? Cause.DEADLINE : Cause.ERROR;
            return new Failed(cause, status.getCode() + " " + failed.getMessage());
        }
    }

    private WorkflowOptions options(Workload workload, String workflowId, Stamp stamp, Map<String, Object> memo) {
        Bound bound = bindings.of(workload);
        WorkflowOptions.Builder options = WorkflowOptions.newBuilder()
                .setWorkflowId(workflowId)
                .setTaskQueue(bound.taskQueue())
                .setWorkflowIdReusePolicy(WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY)
                .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL)
                .setMemo(memo)
                .setDisableEagerExecution(!settings.eagerStart());
        if (connection.searchable()) {
            options.setTypedSearchAttributes(SearchAttributesOfShunt.of(workload, stamp));
        }
        return options.build();
    }

    /** As it is: decoding and encoding it again would change its numbers. */
    private static Payload json(byte[] bytes) {
        return Payload.newBuilder()
                .putMetadata("encoding", ByteString.copyFromUtf8("json/plain"))
                .setData(ByteString.copyFrom(bytes))
                .build();
    }

    /**
     * The latest run of an item's workflow; empty if the server knows none.
     *
     * @throws UnavailableException if the server could not be asked
     */
    Optional<Description> describe(Workload workload, ItemKey key) {
        return ask(workload, key, "describing", stub -> {
            WorkflowExecutionMetadata found = stub.describe();
            return new Description(
                    Route.TEMPORAL,
                    word(found.getStatus()),
                    found.getStartTime(),
                    found.getExecution().getWorkflowId(),
                    found.getExecution().getRunId());
        });
    }

    /**
     * The steps of an item's workflow that failed and are tried again.
     *
     * @throws UnavailableException if the server could not be asked
     */
    List<Retry> retries(Workload workload, ItemKey key) {
        return ask(
                        workload,
                        key,
                        "describing",
                        stub -> stub.describe().getRawDescription().getPendingActivitiesList().stream()
                                .filter(step -> step.getAttempt() > 1)
                                .map(step -> retry(key, step))
                                .toList())
                .orElse(List.of());
    }

    private static Retry retry(ItemKey key, PendingActivityInfo step) {
        Instant next = step.hasNextAttemptScheduleTime()
                ? Instant.ofEpochSecond(
                        step.getNextAttemptScheduleTime().getSeconds(),
                        step.getNextAttemptScheduleTime().getNanos())
                : null;
        return new Retry(
                Route.TEMPORAL,
                step.getActivityType().getName(),
                List.of(key),
                1,
                step.getAttempt() - 1,
                null,
                next,
                step.getLastFailure().getMessage());
    }

    /** @return false if there was no open run */
    boolean cancel(Workload workload, ItemKey key, String why) {
        return ask(workload, key, "cancelling", stub -> {
                    stub.cancel(why);
                    return true;
                })
                .orElse(false);
    }

    /** @return false if there was no open run */
    boolean signal(Workload workload, ItemKey key, String signal, byte[] json) {
        return ask(workload, key, "signalling", stub -> {
                    stub.signal(signal, new RawValue(json(json)));
                    return true;
                })
                .orElse(false);
    }

    private <T> Optional<T> ask(Workload workload, ItemKey key, String doing, Function<WorkflowStub, T> call) {
        String workflowId = WorkflowIds.of(workload, key);
        WorkflowClient client = connection
                .client()
                .orElseThrow(() -> away(doing, workflowId, new IllegalStateException(connection.fault())));
        try {
            WorkflowStub stub = client.newUntypedWorkflowStub(workflowId);
            return Optional.of(deadline.within(settings.startDeadline(), () -> call.apply(stub)));
        } catch (WorkflowNotFoundException unknown) {
            return Optional.empty();
        } catch (Exception failed) {
            throw away(doing, workflowId, failed);
        }
    }

    private static UnavailableException away(String doing, String workflowId, Exception why) {
        return new UnavailableException(
                "Temporal did not answer while " + doing + " workflow " + workflowId, Duration.ofSeconds(2), why);
    }

    private static String word(WorkflowExecutionStatus status) {
        return status.name().substring("WORKFLOW_EXECUTION_STATUS_".length());
    }
}
