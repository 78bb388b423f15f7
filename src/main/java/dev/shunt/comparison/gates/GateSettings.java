package dev.shunt.comparison.gates;

import dev.shunt.comparison.GateSpec;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How sure gates must be, and how fresh what they read. The chances of a false FAIL hold for a whole rollout, however long
 * it takes and however often it is looked at; with their defaults they are 1 % together.
 *
 * @param errors chance of a false FAIL of the gate errors, 0.000001..0.05
 * @param tail the same for the gate tail, 0.000001..0.05
 * @param bulk the same for the gate bulk, 0.000001..0.05
 * @param divergence the same for the gate divergence, 0.000001..0.05
 * @param split the same for the gate split, 0.000001..0.05
 * @param limits the same for completion, p95, mean and activity-failures together, 0.000001..0.05
 * @param staleAfter without a new item in the ledger for this long, gates say NO_DATA; 1 s..1 d
 * @param thresholdItems newest items on legacy from which thresholds of latency are frozen; 2000..100 000
 * @param slowReads pause between two looks at what is expensive to count (divergences), 100 ms..1 min
 */
@ConfigurationProperties("shunt.gates")
record GateSettings(
        @DefaultValue("0.005") double errors,
        @DefaultValue("0.0025") double tail,
        @DefaultValue("0.0002") double bulk,
        @DefaultValue("0.001") double divergence,
        @DefaultValue("0.001") double split,
        @DefaultValue("0.0003") double limits,
        @DefaultValue("5m") Duration staleAfter,
        @DefaultValue("10000") int thresholdItems,
        @DefaultValue("5s") Duration slowReads) {

    private static final int LEAST_THRESHOLD_ITEMS = 2_000;

    /** What applies if nothing is configured. */
    static final GateSettings DEFAULTS = new GateSettings(
            0.005, 0.0025, 0.0002, 0.001, 0.001, 0.0003, Duration.ofMinutes(5), 10_000, Duration.ofSeconds(5));

    GateSettings {
        chance("errors", errors);
        chance("tail", tail);
        chance("bulk", bulk);
        chance("divergence", divergence);
        chance("split", split);
        chance("limits", limits);
        within("stale-after", staleAfter, Duration.ofSeconds(1), Duration.ofDays(1));
        within("slow-reads", slowReads, Duration.ofMillis(100), Duration.ofMinutes(1));
        if (thresholdItems < LEAST_THRESHOLD_ITEMS || thresholdItems > 100_000) {
            throw new IllegalArgumentException(
                    "shunt.gates.threshold-items must be 2000..100000, was " + thresholdItems);
        }
    }

    /** The chance of a false FAIL that this gate may spend in a rollout. */
    double alpha(String gate) {
        return switch (gate) {
            case GateSpec.ERRORS -> errors;
            case GateSpec.TAIL -> tail;
            case GateSpec.BULK -> bulk;
            case GateSpec.DIVERGENCE -> divergence;
            case GateSpec.SPLIT -> split;
            default -> limits / 4;
        };
    }

    /** So many are needed to freeze a threshold. */
    static int leastThresholdItems() {
        return LEAST_THRESHOLD_ITEMS;
    }

    private static void chance(String key, double value) {
        if (!(value >= 0.000001 && value <= 0.05)) {
            throw new IllegalArgumentException("shunt.gates." + key + " must be 0.000001..0.05, was " + value);
        }
    }

    private static void within(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "shunt.gates." + key + " must be " + least + ".." + most + ", was " + value);
        }
    }
}
