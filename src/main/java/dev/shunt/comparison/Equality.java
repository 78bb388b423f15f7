package dev.shunt.comparison;

/**
 * What may be said about two sides of which k in n compared items differed. No difference seen is no proof: the bound says
 * how many items may differ all the same. It is exact (Clopper and Pearson 1934), so it never claims more than its
 * confidence; items are taken as drawn at random and independent of each other.
 */
public final class Equality {

    /** The confidence of every bound that is shown or judged by. */
    public static final double CONFIDENCE = 0.95;

    private Equality() {}

    /** {@link #upperBound(long, long, double)} at 95 %. */
    public static double upperBound(long differing, long compared) {
        return upperBound(differing, compared, CONFIDENCE);
    }

    /**
     * The greatest share of differing items that is still compatible with what was seen: with a greater one, so few
     * differences would have been seen with a chance below 1 - confidence. One-sided.
     *
     * @param differing 0..compared
     * @param compared at least 0; with none compared, nothing is known and the bound is 1
     * @param confidence above 0 and below 1
     * @return a share, 0..1
     * @throws IllegalArgumentException if an argument is out of its bounds
     */
    public static double upperBound(long differing, long compared, double confidence) {
        if (differing < 0 || differing > compared) {
            throw new IllegalArgumentException(
                    "differing must be 0.." + compared + " (the compared ones), was " + differing);
        }
        double left = left(confidence);
        if (differing == compared) {
            return 1;
        }
        if (differing == 0) {
            return -Math.expm1(Math.log(left) / compared);
        }
        double low = (double) differing / compared;
        double high = 1;
        for (double middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
            if (Binomial.atMost(differing, compared, middle) > left) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /**
     * How many items must be compared, none of them differing, for the 95 % bound to be at most this share.
     *
     * @param share above 0 and below 1
     * @throws IllegalArgumentException if it is not
     */
    public static long neededWithoutDifference(double share) {
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException("share must be above 0 and below 1, was " + share);
        }
        return (long) Math.ceil(Math.log(left(CONFIDENCE)) / Math.log1p(-share));
    }

    private static double left(double confidence) {
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException("confidence must be above 0 and below 1, was " + confidence);
        }
        return 1 - confidence;
    }
}
