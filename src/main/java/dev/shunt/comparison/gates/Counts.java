package dev.shunt.comparison.gates;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Counters by name. */
final class Counts {

    private final Map<Count, Long> values = new EnumMap<>(Count.class);

    static Counts of(Map<String, Object> values) {
        var counts = new Counts();
        var facts = new Facts(values);
        for (Count count : Count.values()) {
            counts.add(count, facts.count(name(count)));
        }
        return counts;
    }

    Map<String, Object> values() {
        Map<String, Object> named = new LinkedHashMap<>();
        for (Count count : Count.values()) {
            if (get(count) != 0) {
                named.put(name(count), get(count));
            }
        }
        return named;
    }

    void add(Count count) {
        add(count, 1);
    }

    void add(Count count, long times) {
        values.merge(count, times, Long::sum);
    }

    long get(Count count) {
        return values.getOrDefault(count, 0L);
    }

    private static String name(Count count) {
        return count.name().toLowerCase(Locale.ROOT);
    }
}
