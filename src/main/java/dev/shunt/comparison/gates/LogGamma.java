package dev.shunt.comparison.gates;

/** The logarithm of the gamma function, the same on every machine. */
final class LogGamma {

    private static final double HALF_LN_2PI = 0.9189385332046727;
    private static final double ASYMPTOTIC = 12;

    private LogGamma() {}

    /**
     * Stirling's series with five terms, after x was raised to where it is exact to a few units of the last digit
     * (Abramowitz and Stegun, 6.1.41).
     *
     * @param x above 0
     */
    static double of(double x) {
        if (!(x > 0)) {
            throw new IllegalArgumentException("the gamma function is asked for above 0 only, was " + x);
        }
        double raised = x;
        double product = 1;
        while (raised < ASYMPTOTIC) {
            product *= raised;
            raised++;
        }
        double inverse = 1 / raised;
        double square = inverse * inverse;
        double series = inverse
                * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square / 1188))));
        return (raised - 0.5) * StrictMath.log(raised) - raised + HALF_LN_2PI + series - StrictMath.log(product);
    }

    /** ln B(a, b). */
    static double beta(double a, double b) {
        return of(a) + of(b) - of(a + b);
    }
}
