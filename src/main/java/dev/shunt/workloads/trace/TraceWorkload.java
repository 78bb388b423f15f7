package dev.shunt.workloads.trace;

import dev.shunt.core.DoorCodec;
import dev.shunt.core.ItemHandler;
import dev.shunt.core.MessageCodec;
import dev.shunt.core.ResultAudit;
import dev.shunt.core.WorkflowBinding;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadDefinition;

/** Traces: their formats, effects, workflow and audit, as the rest of Shunt sees them. */
record TraceWorkload(
        DoorCodec door, MessageCodec messages, ItemHandler handler, WorkflowBinding workflow, ResultAudit audit)
        implements WorkloadDefinition {

    static final Workload TRACE = new Workload("trace");

    @Override
    public Workload workload() {
        return TRACE;
    }
}
