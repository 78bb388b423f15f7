package dev.shunt.core;

import java.util.Collection;
import java.util.Set;

/** Which items are done, asked by those who hold payloads (sweeper, tap, conservation). */
public interface SettledItems {

    /**
     * Of the given keys, those with a complete ledger row or a dead letter that was not replayed since.
     *
     * @throws UnavailableException if the ledger cannot be read
     */
    Set<ItemKey> settled(Workload workload, Collection<ItemKey> keys);
}
