package dev.shunt.workloads.echo;

import io.temporal.common.converter.RawValue;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** Keeps one text; one whose text is {@code wait} only after the signal {@code go}. */
@WorkflowInterface
public interface EchoWorkflow {

    String TYPE = "EchoWorkflow";

    @WorkflowMethod(name = TYPE)
    String run(RawValue stamped);

    /** @param by who lets it go on */
    @SignalMethod(name = "go")
    void go(String by);
}
