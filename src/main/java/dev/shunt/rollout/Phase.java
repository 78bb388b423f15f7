package dev.shunt.rollout;

import dev.shunt.comparison.GateSpec;
import dev.shunt.core.Percentage;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One step of a plan.
 *
 * @param name unique in its plan; 1..40 letters, digits and {@code -._}
 * @param percentage share of buckets on Temporal; 0.01..100 %
 * @param bake how long it lasts at least; 0s..90d
 * @param minimumItems items on Temporal below which no gate passes; 0..1,000,000,000
 * @param gates what must pass before it is left; at least one that counts
 */
public record Phase(String name, Percentage percentage, Duration bake, long minimumItems, List<GateSpec> gates) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,40}");
    private static final Duration LONGEST_BAKE = Duration.ofDays(90);
    private static final long MOST_ITEMS = 1_000_000_000;

    public Phase {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name must match " + NAME + ", was '" + name + "'");
        }
        if (percentage.basisPoints() == 0) {
            throw new IllegalArgumentException("percentage must be 0.01..100, was 0");
        }
        if (bake.isNegative() || bake.compareTo(LONGEST_BAKE) > 0) {
            throw new IllegalArgumentException("bake must be 0s..90d, was " + bake);
        }
        if (minimumItems < 0 || minimumItems > MOST_ITEMS) {
            throw new IllegalArgumentException("minimum-items must be 0.." + MOST_ITEMS + ", was " + minimumItems);
        }
        gates = List.copyOf(gates);
        if (gates.stream().map(GateSpec::name).distinct().count() < gates.size()) {
            throw new IllegalArgumentException("gates must each be named once, were "
                    + gates.stream().map(GateSpec::name).toList());
        }
        if (gates.stream().noneMatch(gate -> gate.mode() != dev.shunt.comparison.GateMode.OBSERVE)) {
            throw new IllegalArgumentException("gates must hold one at least that is not of mode observe");
        }
    }
}
