package dev.shunt.comparison;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What one gate found.
 *
 * @param gate its name in the plan
 * @param mode what follows from a FAIL
 * @param outcome what it says
 * @param words one sentence for the operator: how many, how much, how sure, and what is still needed
 * @param legacyItems items on legacy that it rests on
 * @param temporalItems items on Temporal that it rests on
 * @param effect the difference it judges, or the share; null if there is nothing to show yet
 * @param itemsNeeded items on Temporal still needed before it can pass; empty if more items would not help, or none are
 *     needed
 * @param inputs everything that the outcome and the words were made from: texts, numbers, booleans, null, lists and maps
 *     of them
 */
public record GateFinding(
        String gate,
        GateMode mode,
        GateOutcome outcome,
        String words,
        long legacyItems,
        long temporalItems,
        @Nullable Effect effect,
        OptionalLong itemsNeeded,
        Map<String, Object> inputs) {

    /**
     * A figure with its interval.
     *
     * @param what it is, in words
     * @param value the estimate
     * @param low lower end of the interval, at 95 % if nothing else is said in {@code what}
     * @param high upper end
     */
    public record Effect(String what, double value, double low, double high) {}

    public GateFinding {
        if (legacyItems < 0 || temporalItems < 0) {
            throw new IllegalArgumentException("gate " + gate + ": items must be 0 or more, were " + legacyItems
                    + " on legacy and " + temporalItems + " on Temporal");
        }
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    }

    /** Whether it counts in the verdict. */
    public boolean counts() {
        return mode != GateMode.OBSERVE;
    }
}
