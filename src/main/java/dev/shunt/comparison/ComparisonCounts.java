package dev.shunt.comparison;

import dev.shunt.core.Workload;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** How many items one mechanism has compared, by what came of it. A gate or an alert needs to know that somebody looked. */
final class ComparisonCounts {

    /** Who compares. */
    enum By {
        /** Stored rows against the input. */
        CHECK,
        /** What both routes made of the same item. */
        PAIR
    }

    private final Counter matched;
    private final Counter diverged;
    private final Counter failed;

    ComparisonCounts(MeterRegistry meters, Workload workload, By by) {
        matched = counter(meters, workload, by, "matched");
        diverged = counter(meters, workload, by, "diverged");
        failed = counter(meters, workload, by, "failed");
    }

    private static Counter counter(MeterRegistry meters, Workload workload, By by, String result) {
        return Counter.builder("shunt.comparisons")
                .description("Items compared")
                .tag("workload", workload.name())
                .tag("by", by.name())
                .tag("result", result)
                .register(meters);
    }

    /** @param differing those of them that differ */
    void compared(long items, long differing) {
        matched.increment((double) (items - differing));
        diverged.increment((double) differing);
    }

    void failed() {
        failed.increment();
    }
}
