package dev.shunt.comparison.gates;

import static dev.shunt.comparison.gates.Count.*;

import dev.shunt.comparison.GateSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What legacy did in the last phase in which it had a share worth comparing with: all there is to hold Temporal against
 * when it gets everything.
 *
 * @param phase its name; null: there was none, and only absolute limits are left
 * @param counts of that phase
 */
record Control(@Nullable String phase, Counts counts) {

    static final Control NONE = new Control(null, new Counts());

    /** Below this share of legacy, in basis points, there is no control. */
    static final int LEAST_LEGACY = 100;

    private static final double SURE = 3.090232306167813; // one-sided, 99.9 %

    boolean known() {
        return phase != null;
    }

    /** The share of such items that Temporal may have without a control: what legacy may have had at most, and the margin. */
    double allowed(GateSpec spec) {
        Count trials = spec.name().equals(GateSpec.ERRORS) ? LEGACY_SETTLED : LEGACY_TIMED;
        long seen = counts.get(trials);
        double had = seen == 0
                ? nominal(spec)
                : Shares.wilson(counts.get(hits(spec)), seen, SURE).high();
        return Math.clamp(had + margin(spec), 0.000001, 0.999);
    }

    private static Count hits(GateSpec spec) {
        return switch (spec.name()) {
            case GateSpec.ERRORS -> LEGACY_DEAD;
            case GateSpec.TAIL -> LEGACY_OVER_P99;
            default -> LEGACY_OVER_MEDIAN;
        };
    }

    /** What legacy has by the making of the threshold. */
    private static double nominal(GateSpec spec) {
        return switch (spec.name()) {
            case GateSpec.TAIL -> 0.01;
            case GateSpec.BULK -> 0.5;
            default -> 0;
        };
    }

    /** By how much the share on Temporal may be greater than on legacy. */
    static double margin(GateSpec spec) {
        return spec.effectiveLimit() - nominal(spec);
    }

    /** What a phase holds its items against. */
    Terms terms(Instant startedAt, boolean alone, List<GateSpec> gates) {
        return new Terms(
                startedAt,
                alone,
                allowed(named(gates, GateSpec.ERRORS)),
                allowed(named(gates, GateSpec.TAIL)),
                allowed(named(gates, GateSpec.BULK)),
                named(gates, GateSpec.COMPLETION).effectiveLimit(),
                named(gates, GateSpec.P95).effectiveLimit() * 1e6,
                named(gates, GateSpec.MEAN).effectiveLimit() * 1e6,
                named(gates, GateSpec.ACTIVITY_FAILURES).effectiveLimit());
    }

    private static GateSpec named(List<GateSpec> gates, String name) {
        return gates.stream()
                .filter(gate -> gate.name().equals(name))
                .findFirst()
                .orElse(GateSpec.of(name, dev.shunt.comparison.GateMode.OBSERVE));
    }

    Map<String, Object> values() {
        return phase == null ? Map.of() : Map.of("phase", phase, "counts", counts.values());
    }

    @SuppressWarnings("unchecked") // written by values()
    static Control of(Map<String, Object> values) {
        return values.get("phase") instanceof String phase && values.get("counts") instanceof Map<?, ?> counts
                ? new Control(phase, Counts.of((Map<String, Object>) counts))
                : NONE;
    }
}
