package dev.shunt.rollout;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Items that rollbacks recalled on this instance. A total for each rollback that only grows is what their rows get, so that
 * an answer that is lost counts nothing twice; Postgres may be away meanwhile.
 */
final class RecalledCounts {

    private record Count(long total, long noted) {}

    private final Map<String, Count> counts = new ConcurrentHashMap<>();

    void add(String rollback, long items) {
        if (items > 0) {
            counts.merge(
                    rollback, new Count(items, 0), (had, more) -> new Count(had.total() + more.total(), had.noted()));
        }
    }

    /**
     * @param instance whose counts these are
     * @throws dev.shunt.core.UnavailableException if Postgres is away: what is not noted is noted later
     */
    void pay(ProofStore store, String instance) {
        counts.forEach((rollback, count) -> {
            if (count.noted() < count.total() && store.recalled(rollback, instance, count.total())) {
                counts.computeIfPresent(rollback, (id, now) -> new Count(now.total(), count.total()));
            }
        });
    }
}
