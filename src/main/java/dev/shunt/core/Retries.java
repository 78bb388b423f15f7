package dev.shunt.core;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Items of a route that wait for another try, as far as this instance can tell cheaply. */
public interface Retries {

    /** @throws UnavailableException if the route cannot be asked */
    List<Retry> waiting(Workload workload);

    /**
     * One wait.
     *
     * @param doing what is tried
     * @param keys its items, at most a hundred; empty if the wait is not about items
     * @param items how many items wait
     * @param tries how often it was tried
     * @param since when the first try failed, if known
     * @param nextTry about when it is tried again, if known
     * @param why what the last try failed with
     */
    record Retry(
            Route route,
            String doing,
            List<ItemKey> keys,
            int items,
            int tries,
            @Nullable Instant since,
            @Nullable Instant nextTry,
            String why) {}
}
