package dev.shunt.workloads.trace;

import dev.shunt.core.DeadLetters;
import dev.shunt.core.InFlight;
import dev.shunt.core.WorkflowBinding;
import dev.shunt.core.WorkflowSteps;
import dev.shunt.core.Workload;
import java.time.Clock;
import java.util.List;

/** What the Temporal route registers for traces. */
final class TraceWorkflowBinding {

    /** Stored at once or afterwards, then priced and summarised; or stored afterwards and buried, both with the message. */
    static final WorkflowSteps STEPS = new WorkflowSteps(1, 3, 2);

    private TraceWorkflowBinding() {}

    /** @param remote whether every step is to run as an ordinary activity ({@code shunt.trace.activities=remote}) */
    static WorkflowBinding create(
            Workload workload,
            TraceArguments arguments,
            TraceEffects effects,
            DeadLetters deadLetters,
            InFlight inFlight,
            Clock clock,
            boolean remote) {
        return new WorkflowBinding(
                workload,
                TraceWorkflow.TYPE,
                TraceWorkflowImpl.class,
                List.of(new TraceSteps(workload, arguments, effects, deadLetters, inFlight, clock, remote)),
                STEPS,
                true);
    }
}
