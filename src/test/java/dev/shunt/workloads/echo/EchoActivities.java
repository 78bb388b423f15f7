package dev.shunt.workloads.echo;

import io.temporal.activity.ActivityInterface;
import io.temporal.common.converter.RawValue;

/** The steps of {@link EchoWorkflow}. */
@ActivityInterface
public interface EchoActivities {

    /** Whether it is to wait for its signal. */
    boolean waits(RawValue stamped);

    /** Stores the text and settles the item; answers what became of it. */
    String keep(RawValue stamped);
}
