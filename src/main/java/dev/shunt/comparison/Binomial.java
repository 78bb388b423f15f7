package dev.shunt.comparison;

/**
 * The binomial distribution, exact for any number of trials. Single probabilities come from the saddle-point form of
 * C. Loader, "Fast and Accurate Computation of Binomial Probabilities" (2000), which loses no digits where factorials
 * would; tails are summed from their largest term on, until what is left cannot change a double.
 */
final class Binomial {

    private static final double NEGLIGIBLE = 1e-17;
    private static final int SMALL = 16;
    private static final double LN_SQRT_2PI = 0.5 * Math.log(2 * Math.PI);

    private Binomial() {}

    /**
     * P(X <= k) for X successes in n trials.
     *
     * @param k any number; below 0 gives 0, from n on gives 1
     * @param n at least 0
     * @param p chance of a success, 0..1
     */
    static double atMost(long k, long n, double p) {
        if (k < 0) {
            return 0;
        }
        if (k >= n || p <= 0) {
            return 1;
        }
        if (p >= 1) {
            return 0;
        }
        return k <= n * p ? lowerTail(k, n, p) : 1 - lowerTail(n - k - 1, n, 1 - p);
    }

    /** The sum of the terms 0..k, which grow up to k because k is not above the mean. */
    private static double lowerTail(long k, long n, double p) {
        double odds = (1 - p) / p;
        double term = 1;
        double sum = 1;
        for (long i = k; i > 0 && term > sum * NEGLIGIBLE; i--) {
            term *= i / (n - i + 1.0) * odds;
            sum += term;
        }
        return sum * exactly(k, n, p);
    }

    private static double exactly(long k, long n, double p) {
        if (k == 0) {
            return Math.exp(n * Math.log1p(-p));
        }
        if (k == n) {
            return Math.exp(n * Math.log(p));
        }
        double x = k;
        double y = (double) n - k;
        double exponent = stirlingError(n)
                - stirlingError(k)
                - stirlingError(n - k)
                - deviance(x, n * p)
                - deviance(y, n * (1 - p));
        return Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * x * y));
    }

    /** ln n! less Stirling's approximation of it. */
    private static double stirlingError(long n) {
        if (n < SMALL) {
            double factorial = 1;
            for (long i = 2; i <= n; i++) {
                factorial *= i;
            }
            return Math.log(factorial) - ((n + 0.5) * Math.log((double) n) - n + LN_SQRT_2PI);
        }
        double square = (double) n * n;
        return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - 1.0 / 1680 / square) / square) / square) / (double) n;
    }

    /** x ln(x / mean) + mean - x, by a series where the two are close and the difference would lose its digits. */
    private static double deviance(double x, double mean) {
        double difference = x - mean;
        if (Math.abs(difference) >= 0.1 * (x + mean)) {
            return x * Math.log(x / mean) + mean - x;
        }
        double v = difference / (x + mean);
        double sum = difference * v;
        double power = 2 * x * v;
        for (int j = 1; j < 1_000; j++) {
            power *= v * v;
            double next = sum + power / (2 * j + 1);
            if (next == sum) {
                return next;
            }
            sum = next;
        }
        return sum;
    }
}
