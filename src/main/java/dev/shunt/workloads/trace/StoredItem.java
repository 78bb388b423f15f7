package dev.shunt.workloads.trace;

import dev.shunt.core.ItemKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows that one item wrote. A trace that came in several items has one trace row, written by the first of them, and
 * each span row belongs to the item that wrote it first.
 *
 * @param trace the trace row with all its spans; null if there is none
 * @param traceItem the key of the item that wrote the trace row; null if there is none
 * @param spans the rows written by this item
 * @param others spans of the same trace that other items wrote, by id
 */
record StoredItem(
        ItemKey key,
        @Nullable TraceMessage trace,
        @Nullable String traceItem,
        List<StoredSpan> spans,
        Map<String, Other> others) {

    /** The item that wrote a span, and when. */
    record Other(String item, Instant storedAt) {}

    boolean wroteTrace() {
        return key.value().equals(traceItem);
    }
}
