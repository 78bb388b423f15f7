package dev.shunt.rollout;

import dev.shunt.core.Workload;
import java.util.List;

/** Something that must be so before a rollout can be completed. */
public interface CompletionCheck {

    /**
     * What is still open.
     *
     * @param words for a person: what it is and what to do
     * @param overridable whether a typed reason is enough to go on all the same
     */
    record Open(String words, boolean overridable) {}

    /** Empty if nothing is. Takes a few seconds at most; what cannot be found out is open. */
    List<Open> open(Workload workload);
}
