package dev.shunt.workloads.echo;

import io.temporal.activity.ActivityOptions;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** See {@link EchoWorkflow}. */
public final class EchoWorkflowImpl implements EchoWorkflow {

    private final EchoActivities reader = Workflow.newLocalActivityStub(
            EchoActivities.class,
            LocalActivityOptions.newBuilder()
                    .setStartToCloseTimeout(Duration.ofSeconds(5))
                    .build());
    private final EchoActivities keeper = Workflow.newActivityStub(
            EchoActivities.class,
            ActivityOptions.newBuilder()
                    .setStartToCloseTimeout(Duration.ofSeconds(10))
                    .build());
    private String by = "";

    @Override
    public String run(RawValue stamped) {
        if (reader.waits(stamped)) {
            Workflow.await(() -> !by.isEmpty());
        }
        return keeper.keep(stamped);
    }

    @Override
    public void go(String by) {
        this.by = by;
    }
}
