package dev.shunt.temporal;

import dev.shunt.core.ItemKey;
import dev.shunt.core.Workload;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Items of ended runs that are older than the ledger's memory: most were finished long ago, on the other route, and must not be
 * run again; of none can that be told. Each is told of once. For one thread.
 */
final class ForgottenItems {

    private static final Logger log = LoggerFactory.getLogger(ForgottenItems.class);
    private static final int SHOWN = 10;

    private final Map<Workload, Set<ItemKey>> told = new HashMap<>();
    private final Set<ItemKey> met = new LinkedHashSet<>();

    /** A look begins. */
    void begin() {
        met.clear();
    }

    void meet(ItemKey key) {
        met.add(key);
    }

    /** A look has come to its end. */
    void tell(Workload workload, Duration memory) {
        Set<ItemKey> before = told.getOrDefault(workload, Set.of());
        List<ItemKey> news = met.stream().filter(key -> !before.contains(key)).toList();
        if (!news.isEmpty()) {
            log.warn(
                    "{} workflows of {} ended without result and are of items accepted more than {} ago, of which the ledger has"
                            + " forgotten whether they were stored: they are left alone. Look at them, and send again what is"
                            + " missing: {}",
                    news.size(),
                    workload,
                    memory,
                    news.stream().limit(SHOWN).toList());
        }
        told.put(workload, Set.copyOf(met));
    }
}
