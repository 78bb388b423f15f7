package dev.shunt.comparison.gates;

import dev.shunt.comparison.Equality;

/** Intervals of shares and of their differences. */
final class Shares {

    /** Quantile of the normal distribution for a one-sided bound at 95 %. */
    static final double ONE_SIDED = 1.6448536269514722;

    /** And for a two-sided interval at 95 %. */
    static final double TWO_SIDED = 1.959963984540054;

    private Shares() {}

    /** Lower and upper end. */
    record Interval(double low, double high) {}

    static double of(long hits, long trials) {
        return trials == 0 ? 0 : (double) hits / trials;
    }

    /** The score interval of E. B. Wilson (1927). */
    static Interval wilson(long hits, long trials, double z) {
        return trials == 0 ? new Interval(0, 1) : score(of(hits, trials), (double) trials, z);
    }

    /** The same, given the share itself. */
    static Interval score(double share, double trials, double z) {
        double square = z * z;
        double centre = share + square / (2 * trials);
        double half = z * Math.sqrt(share * (1 - share) / trials + square / (4 * trials * trials));
        double scale = 1 + square / trials;
        return new Interval(Math.max(0, (centre - half) / scale), Math.min(1, (centre + half) / scale));
    }

    /**
     * Of the difference between two shares, the first less the second: the tenth method of R. G. Newcombe, "Interval
     * estimation for the difference between independent proportions" (1998).
     */
    static Interval difference(long hits, long trials, long otherHits, long otherTrials, double z) {
        if (trials == 0 || otherTrials == 0) {
            return new Interval(-1, 1);
        }
        Interval one = wilson(hits, trials, z);
        Interval other = wilson(otherHits, otherTrials, z);
        double share = of(hits, trials);
        double otherShare = of(otherHits, otherTrials);
        double low = StrictMath.hypot(share - one.low(), other.high() - otherShare);
        double high = StrictMath.hypot(one.high() - share, otherShare - other.low());
        return new Interval(share - otherShare - low, share - otherShare + high);
    }

    /** The exact two-sided interval at 95 % of C. Clopper and E. S. Pearson (1934). */
    static Interval exact(long hits, long trials) {
        if (trials == 0) {
            return new Interval(0, 1);
        }
        return new Interval(
                1 - Equality.upperBound(trials - hits, trials, 0.975), Equality.upperBound(hits, trials, 0.975));
    }
}
