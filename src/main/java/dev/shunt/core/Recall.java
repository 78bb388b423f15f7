package dev.shunt.core;

/** Takes registered items back from Temporal, asking neither Temporal nor Postgres. */
public interface Recall {

    /**
     * Hands every item that is registered now to the legacy route, so that the oldest is consumed first; their workflows
     * are cancelled as far as Temporal can be reached. Safe to repeat.
     *
     * @param moved told of each item that was moved, also where the call then fails
     * @return how many items this call moved
     * @throws UnavailableException if Redis is away; what was moved before stays moved
     */
    int recall(Workload workload, Runnable moved);

    /** The same for who asks only what it came to. */
    default int recall(Workload workload) {
        return recall(workload, () -> {});
    }
}
