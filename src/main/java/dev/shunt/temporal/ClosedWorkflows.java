package dev.shunt.temporal;

import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptorBase;
import io.temporal.workflow.Workflow;
import java.util.function.Consumer;

/** Tells when a workflow has closed on this instance's workers. */
final class ClosedWorkflows extends WorkerInterceptorBase {

    private final Consumer<String> closed;

    ClosedWorkflows(Consumer<String> closed) {
        this.closed = closed;
    }

    @Override
    public WorkflowInboundCallsInterceptor interceptWorkflow(WorkflowInboundCallsInterceptor next) {
        return new WorkflowInboundCallsInterceptorBase(next) {
            @Override
            public WorkflowOutput execute(WorkflowInput input) {
                String workflowId = Workflow.getInfo().getWorkflowId();
                try {
                    WorkflowOutput output = super.execute(input);
                    closed.accept(workflowId);
                    return output;
                } catch (RuntimeException failed) {
                    // Leaving the cache is an Error, so this is the workflow's own end.
                    closed.accept(workflowId);
                    throw failed;
                }
            }
        };
    }
}
