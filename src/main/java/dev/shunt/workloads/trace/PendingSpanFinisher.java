package dev.shunt.workloads.trace;

import dev.shunt.core.ItemKey;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes, in the background, the items whose own steps left spans pending. An item that cannot be finished stays
 * pending and holds up no other.
 */
final class PendingSpanFinisher {

    private static final Logger log = LoggerFactory.getLogger(PendingSpanFinisher.class);
    private static final int FAILING_KEPT = 1_000;

    private final PendingSpans pending;
    private final Counter failures;
    private final Set<ItemKey> failing = new HashSet<>();

    PendingSpanFinisher(PendingSpans pending, MeterRegistry meters) {
        this.pending = pending;
        this.failures = Counter.builder("shunt.pending.failures")
                .description("How often the background pass could not finish an item's pending spans")
                .register(meters);
    }

    /**
     * One pass over everything that is left behind.
     *
     * @param age spans that are pending for longer than this
     * @return items that were finished
     * @throws dev.shunt.core.UnavailableException if Postgres is away: the next pass begins anew
     */
    int finish(Duration age) {
        int finished = 0;
        String after = "";
        List<ItemKey> page;
        do {
            page = pending.leftBehind(age, after);
            for (ItemKey key : page) {
                finished += finish(key, age) ? 1 : 0;
                after = key.value();
            }
        } while (page.size() == PendingSpans.PAGE);
        return finished;
    }

    private boolean finish(ItemKey key, Duration age) {
        try {
            pending.price(key);
            pending.summarise(key);
            failing.remove(key);
            return true;
        } catch (RuntimeException fault) {
            pending.leftBehind(age, key.value()); // throws if it is the database that is away, and that ends the pass
            failures.increment();
            if (failing.size() < FAILING_KEPT && failing.add(key)) {
                log.error(
                        "Price and summary of {} cannot be finished: {}. It is tried again with every pass, and so are the others",
                        key,
                        fault.getMessage());
            }
            return false;
        }
    }
}
