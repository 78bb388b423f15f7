package dev.shunt.core;

/** Takes registered items back from Temporal, asking neither Temporal nor Postgres. */
public interface Recall {

    /**
     * Hands every item that is registered now to the legacy route, so that the oldest is consumed first; their workflows
     * are cancelled as far as Temporal can be reached. Safe to repeat.
     *
     * @return how many items this call moved
     * @throws UnavailableException if Redis is away; what was moved before stays moved
     */
    int recall(Workload workload);
}
