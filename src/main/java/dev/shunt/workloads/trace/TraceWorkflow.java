package dev.shunt.workloads.trace;

import io.temporal.common.converter.RawValue;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** The life of one trace on Temporal: stored, priced, summarised; or buried. Its id is the item's key. */
@WorkflowInterface
public interface TraceWorkflow {

    String TYPE = "TraceWorkflow";

    /** Type of the failure with which the workflow of a trace closes that can never be stored; the message names the field. */
    String REJECTED = "TraceRejected";

    /** @param stamped the stamped message as raw JSON: decoding it here would change its numbers */
    @WorkflowMethod(name = TYPE)
    Result run(RawValue stamped);

    /**
     * What a person sees in Temporal's UI; nothing of the trace's content.
     *
     * @param outcome STORED, DUPLICATE or REPLAYED
     * @param finished whether price and summary are done too; if not, the background pass does them
     */
    record Result(String outcome, boolean finished) {}
}
