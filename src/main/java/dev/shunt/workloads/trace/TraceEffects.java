package dev.shunt.workloads.trace;

import dev.shunt.core.Delivery;
import dev.shunt.core.ItemHandler.Outcome;
import dev.shunt.core.ItemKey;

/** The effects of the trace workload as the workflow's steps call them. Every step may be repeated at any time. */
interface TraceEffects {

    /**
     * Stores, prices and summarises one trace through the Temporal lane's group commit; waits for the commit.
     *
     * @throws dev.shunt.core.UnavailableException on a transient fault or when the lane's queue is full
     */
    Outcome persist(Delivery delivery);

    /** Prices spans of this item that are still pending. */
    void priceSpans(ItemKey key);

    /**
     * Adds priced spans of this item that are not summarised yet, and completes its ledger row.
     *
     * @param temporalActions billable actions of the steps that this completes
     */
    void summariseSpans(ItemKey key, int temporalActions);
}
