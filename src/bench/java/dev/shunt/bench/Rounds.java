package dev.shunt.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/** Values of one figure over several rounds, or over many events. */
final class Rounds {

    private final double[] sorted;

    Rounds(Collection<Double> values) {
        sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no values");
        }
    }

    double median() {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The smallest value that at least this share of the values does not exceed. */
    double percentile(double percent) {
        return sorted[Math.clamp((int) Math.ceil(sorted.length * percent / 100) - 1, 0, sorted.length - 1)];
    }

    double least() {
        return sorted[0];
    }

    double most() {
        return sorted[sorted.length - 1];
    }

    int count() {
        return sorted.length;
    }

    /** Median with its range: {@code 812 (790..840)}. */
    String shown() {
        return number(median()) + " (" + number(least()) + ".." + number(most()) + ")";
    }

    static String number(double value) {
        double size = Math.abs(value);
        String form = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, form, value);
    }

    @Override
    public String toString() {
        return Arrays.toString(sorted);
    }
}
