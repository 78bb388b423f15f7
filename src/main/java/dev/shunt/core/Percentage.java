package dev.shunt.core;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The share of buckets that is routed to Temporal.
 *
 * @param basisPoints 0..10 000; one is 0.01 %
 */
public record Percentage(int basisPoints) {

    public static final int SCALE = 10_000;
    public static final Percentage ZERO = new Percentage(0);
    public static final Percentage ALL = new Percentage(SCALE);

    public Percentage {
        if (basisPoints < 0 || basisPoints > SCALE) {
            throw new IllegalArgumentException("percentage must be 0..100, was " + basisPoints / 100.0);
        }
    }

    /**
     * @param percent 0..100 with at most two decimals
     * @throws IllegalArgumentException if it is out of bounds or finer than 0.01
     */
    public static Percentage ofPercent(BigDecimal percent) {
        BigDecimal points = percent.movePointRight(2).stripTrailingZeros();
        if (points.signum() < 0 || points.compareTo(BigDecimal.valueOf(SCALE)) > 0) {
            throw new IllegalArgumentException("percentage must be 0..100, was " + percent.toString());
        }
        if (points.scale() > 0) {
            throw new IllegalArgumentException(
                    "percentage must have at most two decimals (steps of 0.01), was " + percent.toString());
        }
        return new Percentage(points.intValueExact());
    }

    /** Whether this bucket goes to Temporal. Raising the percentage only ever adds buckets. */
    public boolean includes(Bucket bucket) {
        return bucket.value() < basisPoints;
    }

    public BigDecimal percent() {
        return BigDecimal.valueOf(basisPoints, 2).setScale(2, RoundingMode.UNNECESSARY);
    }

    @Override
    public String toString() {
        return percent().stripTrailingZeros().toPlainString() + " %";
    }
}
