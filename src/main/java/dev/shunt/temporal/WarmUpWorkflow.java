package dev.shunt.temporal;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;

/** A workflow that does nothing, the way an item's workflow does something: one local activity in its first task. */
@WorkflowInterface
public interface WarmUpWorkflow {

    String TYPE = "ShuntWarmUp";

    @WorkflowMethod(name = TYPE)
    void run();

    /** Nothing, as a step. */
    @ActivityInterface
    interface Step {
        @ActivityMethod(name = "ShuntWarmUpStep")
        void step();
    }

    /** Nothing, done. */
    final class NoStep implements Step {
        @Override
        public void step() {
            // Only the way here matters.
        }
    }

    /** Runs the step. */
    final class Impl implements WarmUpWorkflow {

        private final Step step = Workflow.newLocalActivityStub(
                Step.class,
                LocalActivityOptions.newBuilder()
                        .setStartToCloseTimeout(Duration.ofSeconds(5))
                        .setRetryOptions(
                                RetryOptions.newBuilder().setMaximumAttempts(1).build())
                        .build());

        @Override
        public void run() {
            step.step();
        }
    }
}
