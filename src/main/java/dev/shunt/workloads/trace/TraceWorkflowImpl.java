package dev.shunt.workloads.trace;

import dev.shunt.workloads.trace.TraceActivities.Persisted;
import io.temporal.activity.ActivityOptions;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import org.slf4j.Logger;

/**
 * Thin on purpose: every decision that may change is in the activities. A change of the steps' order here needs
 * {@code Workflow.getVersion}, and a history of the old version under test resources that still replays.
 */
public final class TraceWorkflowImpl implements TraceWorkflow {

    private static final Logger log = Workflow.getLogger(TraceWorkflowImpl.class);

    /** One try inside the workflow task: no queue, no round trip. What it cannot do at once goes on as ordinary activity. */
    private static final LocalActivityOptions AT_ONCE = LocalActivityOptions.newBuilder()
            .setStartToCloseTimeout(Duration.ofSeconds(5))
            .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(1).build())
            .setDoNotIncludeArgumentsIntoMarker(true) // the history has the whole message as the workflow's argument
            .build();

    /**
     * No limit on attempts: an outage delays a trace, as it does on the legacy route, and never buries it. A step ends by
     * itself in half of its time; the rest is how long the server waits for an instance that died with it.
     */
    private static final ActivityOptions UNTIL_DONE = ActivityOptions.newBuilder()
            .setStartToCloseTimeout(Duration.ofSeconds(10))
            .setRetryOptions(RetryOptions.newBuilder()
                    .setInitialInterval(Duration.ofSeconds(1))
                    .setBackoffCoefficient(2)
                    .setMaximumInterval(Duration.ofSeconds(30))
                    .build())
            .build();

    /** What these steps leave undone, the background pass finishes. */
    private static final ActivityOptions IF_POSSIBLE = ActivityOptions.newBuilder(UNTIL_DONE)
            .setRetryOptions(RetryOptions.newBuilder(UNTIL_DONE.getRetryOptions())
                    .setMaximumAttempts(3)
                    .build())
            .build();

    private final TraceActivities atOnce = Workflow.newLocalActivityStub(TraceActivities.class, AT_ONCE);
    private final TraceActivities untilDone = Workflow.newActivityStub(TraceActivities.class, UNTIL_DONE);
    private final TraceActivities ifPossible = Workflow.newActivityStub(TraceActivities.class, IF_POSSIBLE);

    @Override
    public Result run(RawValue stamped) {
        Persisted persisted;
        try {
            persisted = persist(stamped);
        } catch (ActivityFailure fault) {
            throw end(stamped, fault);
        }
        return new Result(persisted.outcome(), persisted.finished() || finish(persisted.itemKey()));
    }

    private Persisted persist(RawValue stamped) {
        try {
            return atOnce.persistTrace(stamped);
        } catch (ActivityFailure fault) {
            if (isRejection(fault) || isCancel(fault)) {
                throw fault;
            }
            return untilDone.persistTrace(stamped);
        }
    }

    private boolean finish(String itemKey) {
        try {
            ifPossible.calculateTraceCosts(itemKey);
            ifPossible.updateCostSummaries(itemKey);
            return true;
        } catch (ActivityFailure fault) {
            log.warn("{} is stored, but {} failed; the background pass finishes it.", itemKey, fault.getActivityType());
            return false;
        }
    }

    /** The dead letter is written before the workflow closes: who sees it closed can rely on that. */
    private RuntimeException end(RawValue stamped, ActivityFailure fault) {
        if (fault.getCause() instanceof CanceledFailure cancelled) {
            return cancelled;
        }
        String reason = fault.getCause() instanceof ApplicationFailure why ? why.getOriginalMessage() : "unknown";
        Workflow.newDetachedCancellationScope(() -> untilDone.buryTrace(stamped, reason))
                .run();
        return ApplicationFailure.newNonRetryableFailure(reason, REJECTED);
    }

    private static boolean isRejection(ActivityFailure fault) {
        return fault.getCause() instanceof ApplicationFailure why && REJECTED.equals(why.getType());
    }

    private static boolean isCancel(ActivityFailure fault) {
        return fault.getCause() instanceof CanceledFailure;
    }
}
