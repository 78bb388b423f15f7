package dev.shunt.comparison.gates;

import java.util.List;

/**
 * Evidence that the mean of positive numbers is above a limit, valid at any time and for any distribution: the wealth of
 * who bets a fixed part of it on each number being above the limit (I. Waudby-Smith and A. Ramdas, "Estimating means of
 * bounded random variables by betting", 2023; one-sided, for which no upper bound is needed). Also their sums.
 */
final class MeanEvidence {

    private static final double[] STAKES = {0.01, 0.03, 0.1, 0.3};

    private final double[] wealth = new double[STAKES.length];
    private long count;
    private double sum;
    private double squares;

    static MeanEvidence of(List<Double> values) {
        var evidence = new MeanEvidence();
        if (values.size() == 3 + STAKES.length) {
            evidence.count = values.get(0).longValue();
            evidence.sum = values.get(1);
            evidence.squares = values.get(2);
            for (int i = 0; i < STAKES.length; i++) {
                evidence.wealth[i] = values.get(3 + i);
            }
        }
        return evidence;
    }

    /** How many, their sum, the sum of their squares, the logarithm of each wealth. */
    List<Double> values() {
        Double[] values = new Double[3 + STAKES.length];
        values[0] = (double) count;
        values[1] = sum;
        values[2] = squares;
        for (int i = 0; i < STAKES.length; i++) {
            values[3 + i] = wealth[i];
        }
        return List.of(values);
    }

    void add(double value, double limit) {
        count++;
        sum += value;
        squares += value * value;
        for (int i = 0; i < STAKES.length; i++) {
            wealth[i] += StrictMath.log1p(STAKES[i] * (value / limit - 1));
        }
    }

    /** Begins counting anew; the evidence stays. */
    void reset() {
        count = 0;
        sum = 0;
        squares = 0;
    }

    long count() {
        return count;
    }

    double mean() {
        return count == 0 ? 0 : sum / count;
    }

    double deviation() {
        return count < 2 ? 0 : Math.sqrt(Math.max(0, (squares - sum * sum / count) / (count - 1)));
    }

    double log() {
        double mixed = Double.NEGATIVE_INFINITY;
        for (double each : wealth) {
            mixed = Logs.sum(mixed, each - StrictMath.log(STAKES.length));
        }
        return mixed;
    }
}
