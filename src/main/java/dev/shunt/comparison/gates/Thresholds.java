package dev.shunt.comparison.gates;

import java.time.Instant;
import java.util.Map;

/**
 * How long items of one way in took on legacy before a phase, from acceptance to commit; frozen, so that everything after
 * is held against the same. It need not be exact: an item of either cohort is held against it.
 *
 * @param items that it rests on
 * @param median in microseconds
 * @param p99 the 99th percentile, in microseconds
 * @param p99Low lower end of its 95 % interval
 * @param p99High upper end; 0: so few items say nothing about it
 * @param frozenAt items accepted before this are not held against it
 */
record Thresholds(long items, long median, long p99, long p99Low, long p99High, Instant frozenAt) {

    Map<String, Object> values() {
        return Map.of(
                "items",
                items,
                "median",
                median,
                "p99",
                p99,
                "p99Low",
                p99Low,
                "p99High",
                p99High,
                "frozenAt",
                frozenAt.toString());
    }

    static Thresholds of(Map<String, Object> values) {
        var facts = new Facts(values);
        return new Thresholds(
                facts.count("items"),
                facts.count("median"),
                facts.count("p99"),
                facts.count("p99Low"),
                facts.count("p99High"),
                Instant.parse(facts.text("frozenAt", Instant.EPOCH.toString())));
    }
}
