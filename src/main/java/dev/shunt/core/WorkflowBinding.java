package dev.shunt.core;

import java.util.List;

/**
 * What the Temporal route registers and starts for a workload. Types of the SDK do not show here: the workload brings
 * annotated classes, the route hands them to its worker.
 *
 * @param workload the kind of work
 * @param workflowType the registered name
 * @param implementation the workflow implementation class; its method takes one raw JSON argument, the stamped message
 *     or, with the same stamp but for its evidence, the reference to it
 * @param activities activity implementations
 * @param steps what one run does at most; a test of the workload holds it against real histories
 * @param opensClaims whether the activities know that their argument may be a {@link Claim} instead of the message; if
 *     not, large items of this workload stay on the legacy route
 */
public record WorkflowBinding(
        Workload workload,
        String workflowType,
        Class<?> implementation,
        List<Object> activities,
        WorkflowSteps steps,
        boolean opensClaims) {

    /** For a workload whose activities want every message whole. */
    public WorkflowBinding(
            Workload workload,
            String workflowType,
            Class<?> implementation,
            List<Object> activities,
            WorkflowSteps steps) {
        this(workload, workflowType, implementation, activities, steps, false);
    }
}
