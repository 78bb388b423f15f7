package dev.shunt.temporal;

import dev.shunt.core.ItemMark;
import dev.shunt.core.Lineage;
import dev.shunt.core.Route;
import dev.shunt.core.Trail;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.activity.ActivityInfo;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptorBase;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import io.temporal.workflow.unsafe.WorkflowUnsafe;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells the trail of workflows and their steps, and marks what the steps log with the item that they are for. */
final class TrackedRuns extends WorkerInterceptorBase {

    private final Trail trail;

    TrackedRuns(Trail trail) {
        this.trail = trail;
    }

    @Override
    public WorkflowInboundCallsInterceptor interceptWorkflow(WorkflowInboundCallsInterceptor next) {
        return trail == Trail.NONE ? next : new Run(next);
    }

    @Override
    public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
        return new Step(next);
    }

    /** A workflow is told of once, when it closes: its code runs again whenever its history is replayed. */
    private final class Run extends WorkflowInboundCallsInterceptorBase {

        Run(WorkflowInboundCallsInterceptor next) {
            super(next);
        }

        @Override
        public WorkflowOutput execute(WorkflowInput input) {
            try {
                WorkflowOutput output = super.execute(input);
                tell(null);
                return output;
            } catch (RuntimeException failed) {
                tell(failed);
                throw failed;
            }
        }

        private void tell(@Nullable Throwable failed) {
            if (WorkflowUnsafe.isReplaying()) {
                return;
            }
            WorkflowInfo info = Workflow.getInfo();
            long took = Math.max(0, Workflow.currentTimeMillis() - info.getRunStartedTimestampMillis());
            try (Trail.Step run = trail.begin(
                    "shunt workflow " + info.getWorkflowType(), LineagePropagator.here(), Duration.ofMillis(took))) {
                run.with("temporal.workflow.id", info.getWorkflowId()).with("temporal.run.id", info.getRunId());
                if (failed != null) {
                    run.failed(failed);
                }
            }
        }
    }

    /** One try of an activity, local or not. */
    private final class Step extends ActivityInboundCallsInterceptorBase {

        private @Nullable ActivityInfo info;

        Step(ActivityInboundCallsInterceptor next) {
            super(next);
        }

        @Override
        public void init(ActivityExecutionContext context) {
            info = context.getInfo();
            super.init(context);
        }

        @Override
        public ActivityOutput execute(ActivityInput input) {
            ActivityInfo known = Objects.requireNonNull(info, "init comes first");
            Lineage outer = LineagePropagator.here();
            String workflowId = known.getWorkflowId();
            int colon = workflowId.indexOf(':');
            try (Trail.Step step = begin(known, outer);
                    ItemMark mark = ItemMark.of(
                            workflowId.substring(0, Math.max(0, colon)),
                            workflowId.substring(colon + 1),
                            Route.TEMPORAL,
                            step.lineage())) {
                return tried(input, step);
            }
        }

        private Trail.Step begin(ActivityInfo known, Lineage outer) {
            return trail.begin("shunt activity " + known.getActivityType(), outer)
                    .with("temporal.workflow.id", known.getWorkflowId())
                    .with("temporal.run.id", known.getWorkflowRunId())
                    .with("temporal.activity.local", Boolean.toString(known.isLocal()))
                    .with("shunt.attempt", Integer.toString(known.getAttempt()));
        }

        private ActivityOutput tried(ActivityInput input, Trail.Step step) {
            try {
                return super.execute(input);
            } catch (RuntimeException | Error failed) {
                step.failed(failed);
                throw failed;
            }
        }
    }
}
