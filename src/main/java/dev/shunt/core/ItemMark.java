package dev.shunt.core;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Marks this thread with the item that it works on, until closed: what it logs meanwhile carries the item's key, route and
 * epoch as fields, and what it begins belongs to the item's trace. Marks nest; closing one brings back what was before,
 * so nothing of one item stands on the next one's lines.
 */
public final class ItemMark implements AutoCloseable {

    public static final String WORKLOAD = "workload";
    public static final String ITEM = "item";
    public static final String ROUTE = "route";
    public static final String EPOCH = "epoch";
    public static final String TRACE_ID = "traceId";
    public static final String SPAN_ID = "spanId";

    private static final ThreadLocal<Lineage> HERE = ThreadLocal.withInitial(() -> Lineage.NONE);

    private final Deque<Before> before = new ArrayDeque<>(6);
    private final Lineage outer = HERE.get();

    private record Before(String field, @Nullable String value) {}

    private ItemMark() {}

    /** @param lineage what the item belongs to; NONE leaves the thread's as it is */
    public static ItemMark of(Workload workload, ItemKey key, RouteDecision decision, Lineage lineage) {
        return new ItemMark()
                .field(WORKLOAD, workload.name())
                .field(ITEM, key.value())
                .field(ROUTE, decision.executed().name())
                .field(EPOCH, Long.toString(decision.epoch().value()))
                .lineage(lineage);
    }

    public static ItemMark of(Workload workload, Stamp stamp) {
        return of(workload, stamp.key(), stamp.decision(), stamp.lineage());
    }

    /** Where less is known than everything. */
    public static ItemMark of(String workload, String item, Route route, Lineage lineage) {
        return new ItemMark()
                .field(WORKLOAD, workload)
                .field(ITEM, item)
                .field(ROUTE, route.name())
                .lineage(lineage);
    }

    /** What this thread's work belongs to. */
    public static Lineage here() {
        return HERE.get();
    }

    private ItemMark lineage(Lineage lineage) {
        if (lineage.isKnown()) {
            HERE.set(lineage);
            field(TRACE_ID, lineage.traceId()).field(SPAN_ID, lineage.spanId());
        }
        return this;
    }

    private ItemMark field(String name, String value) {
        before.push(new Before(name, MDC.get(name)));
        MDC.put(name, value);
        return this;
    }

    @Override
    public void close() {
        while (!before.isEmpty()) {
            Before last = before.pop();
            if (last.value() == null) {
                MDC.remove(last.field());
            } else {
                MDC.put(last.field(), last.value());
            }
        }
        if (outer.isKnown()) {
            HERE.set(outer);
        } else {
            HERE.remove();
        }
    }
}
