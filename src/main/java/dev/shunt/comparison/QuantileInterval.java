package dev.shunt.comparison;

/**
 * Where a quantile lies in n observations put in order, and between which of them the true one lies with 95 % confidence:
 * how many of n observations are below the true quantile is binomial, whatever the distribution (Hahn and Meeker,
 * "Statistical Intervals", section 5.2; David and Nagaraja, "Order Statistics", section 7.1). Exact, so the confidence is
 * 95 % or more.
 *
 * @param rank of the quantile itself, 1..n; 0 if n is 0
 * @param low rank of the lower end, 1..n; 0: so few observations tell nothing about it
 * @param high rank of the upper end, 1..n; 0: so few observations tell nothing about it
 */
public record QuantileInterval(long rank, long low, long high) {

    private static final double TAIL = 0.025;

    /** @param q above 0 and below 1 */
    public static QuantileInterval of(double q, long n) {
        if (n == 0) {
            return new QuantileInterval(0, 0, 0);
        }
        long rank = Math.clamp((long) Math.ceil(q * n - 1e-9), 1, n);
        // P(X_(l) <= quantile) = 1 - P(B <= l - 1), P(quantile <= X_(u)) = P(B <= u - 1)
        long low = firstAbove(TAIL, q, n);
        long high = 1 + firstAbove(1 - TAIL, q, n);
        return new QuantileInterval(rank, low, high > n ? 0 : high);
    }

    /** The smallest k with P(B <= k) above the chance, which is also the number of k with P(B <= k) not above it. */
    private static long firstAbove(double chance, double q, long n) {
        long low = 0;
        long high = n;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (Binomial.atMost(middle, n, q) > chance) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
