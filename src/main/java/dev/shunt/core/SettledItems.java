package dev.shunt.core;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which items are done, asked by those who hold payloads (sweeper, tap, conservation). The same bytes may be accepted again
 * after they died: a death ends the lives that were accepted until then, and none that came later.
 */
@FunctionalInterface
public interface SettledItems {

    /**
     * Of the given lives, those with a complete ledger row, or with a dead letter of this acceptance or a later one that was
     * not replayed since.
     *
     * @param acceptedAt by item: when the life that is asked about was accepted
     * @throws UnavailableException if the ledger cannot be read
     */
    Set<ItemKey> settled(Workload workload, Map<ItemKey, Instant> acceptedAt);

    /**
     * Of the given keys, those with a complete ledger row: who accepted them when does not matter any more.
     *
     * @throws UnavailableException if the ledger cannot be read
     */
    default Set<ItemKey> stored(Workload workload, Collection<ItemKey> keys) {
        return settled(workload, keys.stream().distinct().collect(Collectors.toMap(key -> key, key -> Instant.MAX)));
    }

    /** How long after its acceptance an item that is finished is still known here; nobody can say of older ones. */
    default Duration memory() {
        return ChronoUnit.FOREVER.getDuration();
    }

    /** @throws UnavailableException if the ledger cannot be read */
    default boolean isSettled(Workload workload, ItemKey key, Instant acceptedAt) {
        return !settled(workload, Map.of(key, acceptedAt)).isEmpty();
    }
}
