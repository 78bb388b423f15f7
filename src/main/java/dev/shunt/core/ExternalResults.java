package dev.shunt.core;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a worker outside Shunt made of a workload's items, read from that worker's own tables. Never writes there. Each
 * question throws {@link UnavailableException} when those tables cannot be read.
 */
public interface ExternalResults {

    Workload workload();

    /**
     * What to remember of an input to verify what the outside worker stored of it; differs from {@link Item#evidence()}
     * where that worker keeps less, for example times to the millisecond.
     */
    String evidence(byte[] message);

    /**
     * Which of these items have results, and since when, as far as the tables tell.
     *
     * @return one entry for each item with results
     */
    Map<ItemKey, Present> present(Collection<ItemKey> keys);

    /**
     * Which of these items have all their results; the others may still be worked at, or something is missing for good.
     *
     * @param items with the evidence made by {@link #evidence}
     */
    List<ItemKey> complete(List<ResultAudit.Accepted> items);

    /** What results have here and that worker does not keep, or nobody said where: for people, in a few words each. */
    default List<String> notCompared() {
        return List.of();
    }

    /** @param storedAt null if the tables do not tell */
    record Present(@Nullable Instant storedAt) {}
}
