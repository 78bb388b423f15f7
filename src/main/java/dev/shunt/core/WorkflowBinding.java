package dev.shunt.core;

import java.util.List;

/**
 * What the Temporal route registers and starts for a workload. Types of the SDK do not show here: the workload brings
 * annotated classes, the route hands them to its worker.
 *
 * @param workload the kind of work
 * @param workflowType the registered name
 * @param implementation the workflow implementation class; its method takes one raw JSON argument, the stamped message
 * @param activities activity implementations
 */
public record WorkflowBinding(
        Workload workload, String workflowType, Class<?> implementation, List<Object> activities) {}
