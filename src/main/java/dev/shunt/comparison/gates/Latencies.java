package dev.shunt.comparison.gates;

import dev.shunt.core.WayIn;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * Latencies of both cohorts of a phase, each way in apart, for people to look at: nothing in here gates. In microseconds,
 * with two digits.
 */
final class Latencies {

    private static final long LONGEST = TimeUnit.DAYS.toMicros(1);

    private final Map<WayIn, Histogram[]> byWay = new TreeMap<>();

    /**
     * Two samples compared by rank.
     *
     * @param legacy how many
     * @param temporal how many
     * @param a12 chance that an item on Temporal takes longer than one on legacy, equal ones half (A. Vargha and
     *     H. Delaney, 2000)
     * @param p two-sided p-value of H. B. Mann and D. R. Whitney (1947), normal approximation with ties; for one look only
     */
    record Ranks(long legacy, long temporal, double a12, double p) {}

    void reset() {
        byWay.clear();
    }

    void add(boolean temporal, WayIn wayIn, long micros) {
        byWay
                .computeIfAbsent(
                        wayIn, unseen -> new Histogram[] {new Histogram(1, LONGEST, 2), new Histogram(1, LONGEST, 2)})[
                temporal ? 1 : 0]
                .recordValue(Math.min(micros, LONGEST));
    }

    /** Of the way in with the most items on Temporal. */
    Facts show(Facts facts) {
        byWay.entrySet().stream()
                .max((one, other) ->
                        Long.compare(one.getValue()[1].getTotalCount(), other.getValue()[1].getTotalCount()))
                .ifPresent(way -> {
                    Histogram legacy = way.getValue()[0];
                    Histogram temporal = way.getValue()[1];
                    if (legacy.getTotalCount() > 0 && temporal.getTotalCount() > 0) {
                        Ranks ranks = ranks(legacy, temporal);
                        facts.with("shownWayIn", way.getKey().name())
                                .with("shownLegacy", ranks.legacy())
                                .with("shownTemporal", ranks.temporal())
                                .with("a12", ranks.a12())
                                .with("mannWhitneyP", ranks.p());
                        for (double quantile : new double[] {50, 90, 99}) {
                            String name = "P" + (int) quantile;
                            facts.with("legacy" + name, legacy.getValueAtPercentile(quantile))
                                    .with("temporal" + name, temporal.getValueAtPercentile(quantile));
                        }
                    }
                });
        return facts;
    }

    static Ranks ranks(Histogram legacy, Histogram temporal) {
        Map<Long, long[]> values = new TreeMap<>();
        for (HistogramIterationValue step : legacy.recordedValues()) {
            values.computeIfAbsent(step.getValueIteratedTo(), unseen -> new long[2])[0] =
                    step.getCountAddedInThisIterationStep();
        }
        for (HistogramIterationValue step : temporal.recordedValues()) {
            values.computeIfAbsent(step.getValueIteratedTo(), unseen -> new long[2])[1] =
                    step.getCountAddedInThisIterationStep();
        }
        return ranks(values);
    }

    /** @param values for each value how often it was seen on legacy, and on Temporal */
    static Ranks ranks(Map<Long, long[]> values) {
        double wins = 0;
        double below = 0;
        double ties = 0;
        double temporal = 0;
        for (long[] seen : values.values()) {
            wins += seen[1] * (below + seen[0] / 2.0);
            below += seen[0];
            temporal += seen[1];
            double tied = (double) seen[0] + seen[1];
            ties += tied * tied * tied - tied;
        }
        double all = below + temporal;
        double variance = below * temporal / 12 * (all + 1 - ties / (all * (all - 1)));
        double off = Math.max(0, Math.abs(wins - below * temporal / 2) - 0.5);
        double p = variance > 0 ? 2 * upperTail(off / Math.sqrt(variance)) : 1;
        return new Ranks((long) below, (long) temporal, wins / (below * temporal), Math.min(1, p));
    }

    /** P(Z > z) for z >= 0: W. J. Cody's rational form as in Numerical Recipes' erfc, relative error below 1.2e-7. */
    static double upperTail(double z) {
        double x = z / StrictMath.sqrt(2);
        double t = 1 / (1 + 0.5 * x);
        double polynomial = -1.26551223
                + t
                        * (1.00002368
                                + t
                                        * (0.37409196
                                                + t
                                                        * (0.09678418
                                                                + t
                                                                        * (-0.18628806
                                                                                + t
                                                                                        * (0.27886807
                                                                                                + t
                                                                                                        * (-1.13520398
                                                                                                                + t
                                                                                                                        * (1.48851587
                                                                                                                                + t
                                                                                                                                        * (-0.82215223
                                                                                                                                                + t
                                                                                                                                                        * 0.17087277))))))));
        return 0.5 * t * StrictMath.exp(-x * x + polynomial);
    }
}
