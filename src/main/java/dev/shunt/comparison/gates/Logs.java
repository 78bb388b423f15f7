package dev.shunt.comparison.gates;

/** Sums of numbers that are known by their logarithms, the same on every machine. */
final class Logs {

    private Logs() {}

    /** ln(e^a + e^b). */
    static double sum(double a, double b) {
        double greater = Math.max(a, b);
        if (greater == Double.NEGATIVE_INFINITY || greater == Double.POSITIVE_INFINITY) {
            return greater;
        }
        return greater + StrictMath.log1p(StrictMath.exp(Math.min(a, b) - greater));
    }
}
