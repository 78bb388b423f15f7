package dev.shunt.comparison.gates;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What others do, on the same items: the rank test of Kayenta's judge at every look (98 % interval of the shift, tolerance
 * 0.25), and a fixed limit for each figure.
 */
final class Plain {

    private static final int NEWEST = 2_000;
    private static final double Z_98 = 2.3263478740408408;
    private static final int LEAST = 50;

    private final boolean wanted;
    private final double[] legacy = new double[NEWEST];
    private final double[] temporal = new double[NEWEST];
    private int legacyItems;
    private int temporalItems;
    private int dead;
    private int overMedian;
    private int overP99;
    private int tested;
    private double median;
    private double p99;
    final Map<String, Integer> alarms = new LinkedHashMap<>();

    Plain(boolean wanted) {
        this.wanted = wanted;
    }

    boolean wanted() {
        return wanted && alarms.size() < 2 && temporalItems < 2_000;
    }

    void freeze(double frozenMedian, double frozenP99) {
        median = frozenMedian;
        p99 = frozenP99;
    }

    void add(boolean onTemporal, boolean died, double micros) {
        if (!wanted) {
            return;
        }
        if (onTemporal) {
            dead += died ? 1 : 0;
            overMedian += micros > 1.2 * median ? 1 : 0;
            overP99 += micros > 1.5 * p99 ? 1 : 0;
            temporal[temporalItems++ % NEWEST] = micros;
        } else {
            legacy[legacyItems++ % NEWEST] = micros;
        }
    }

    void look(int basisPoints) {
        if (!wanted || temporalItems < LEAST) {
            return;
        }
        double all = legacyItems + temporalItems;
        if (dead > 0.01 * temporalItems
                || overMedian > 0.5 * temporalItems
                || overP99 > 0.01 * temporalItems
                || Math.abs(temporalItems / all - basisPoints / 10_000.0) > 0.05) {
            alarms.putIfAbsent("fixed", temporalItems);
        }
        if (!alarms.containsKey("rank") && temporalItems >= tested + LEAST && legacyItems >= LEAST) {
            tested = temporalItems;
            if (shifted()) {
                alarms.put("rank", temporalItems);
            }
        }
    }

    private boolean shifted() {
        double[] one = Arrays.copyOf(legacy, Math.min(legacyItems, NEWEST));
        double[] other = Arrays.copyOf(temporal, Math.min(temporalItems, NEWEST));
        Arrays.sort(one);
        Arrays.sort(other);
        double pairs = (double) one.length * other.length;
        double half = Z_98 * Math.sqrt(pairs * (one.length + other.length + 1) / 12);
        return shift(one, other, pairs / 2 - half) > 0.25 * Math.abs(shift(one, other, pairs / 2));
    }

    /** The shift of which so many pairwise differences are smaller. */
    private static double shift(double[] one, double[] other, double rank) {
        double low = other[0] - one[one.length - 1];
        double high = other[other.length - 1] - one[0];
        for (int i = 0; i < 40; i++) {
            double middle = (low + high) / 2;
            long below = 0;
            int at = 0;
            for (double value : one) {
                while (at < other.length && other[at] - value <= middle) {
                    at++;
                }
                below += at;
            }
            if (below < rank) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }
}
