package dev.shunt.workloads.trace;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import io.temporal.common.converter.RawValue;

/** The steps of {@link TraceWorkflow}. Each may run any number of times. */
@ActivityInterface
public interface TraceActivities {

    /** Stores the trace, waits for the commit and, if nothing is left to do, settles the item. */
    @ActivityMethod(name = "persistTrace")
    Persisted persistTrace(RawValue stamped);

    /** Prices spans that the store left pending. */
    @ActivityMethod(name = "calculateTraceCosts")
    void calculateTraceCosts(String itemKey);

    /** Summarises spans that the store left pending, and settles the item. */
    @ActivityMethod(name = "updateCostSummaries")
    void updateCostSummaries(String itemKey);

    /** Writes the dead letter of a trace that can never be stored, and settles the item. */
    @ActivityMethod(name = "buryTrace")
    void buryTrace(RawValue stamped, String reason);

    /**
     * @param itemKey for the steps that follow
     * @param outcome STORED, DUPLICATE or REPLAYED
     * @param finished whether no step needs to follow
     */
    record Persisted(String itemKey, String outcome, boolean finished) {}
}
