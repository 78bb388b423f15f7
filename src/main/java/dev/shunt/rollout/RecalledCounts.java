package dev.shunt.rollout;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Items that rollbacks recalled on this instance, until their rows have them: Postgres may be away meanwhile. */
final class RecalledCounts {

    private final Map<String, Long> owed = new ConcurrentHashMap<>();

    void add(String rollback, long items) {
        if (items > 0) {
            owed.merge(rollback, items, Long::sum);
        }
    }

    /** @throws dev.shunt.core.UnavailableException if Postgres is away: what is owed stays owed */
    void pay(ProofStore store) {
        for (String rollback : List.copyOf(owed.keySet())) {
            Long items = owed.remove(rollback);
            boolean paid = false;
            try {
                paid = items == null || store.recalled(rollback, items);
            } finally {
                if (!paid && items != null) {
                    add(rollback, items);
                }
            }
        }
    }
}
