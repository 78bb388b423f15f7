package dev.shunt.comparison.gates;

import static dev.shunt.comparison.GateOutcome.NO_DATA;

import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateFinding.Effect;
import dev.shunt.comparison.GateOutcome;
import dev.shunt.comparison.GateSpec;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Turns facts into findings. Pure: the same facts make the same finding, on any machine and at any time. Facts that all
 * judges know: {@code alpha}, the chance of a false FAIL in a whole rollout; {@code peak}, the logarithm of the greatest
 * e-value before this look; {@code minimum}, items on Temporal below which nothing passes; {@code items}, those there are;
 * {@code stale}, why what was read may not be judged.
 */
final class Judges {

    /** An e-value from which on a gate does not pass any more, though it is far from a FAIL. */
    private static final double LOG_SUSPICIOUS = StrictMath.log(20);

    private Judges() {}

    static GateFinding judge(GateSpec spec, Facts facts) {
        String stale = facts.text("stale");
        if (stale != null) {
            return new Finding(spec, facts, 0, 0).say(NO_DATA, "No data: " + stale + ".", null, OptionalLong.empty());
        }
        return switch (spec.name()) {
            case GateSpec.SPLIT -> SplitJudge.judge(spec, facts);
            case GateSpec.ERRORS, GateSpec.TAIL, GateSpec.BULK -> CohortJudge.judge(spec, facts);
            case GateSpec.DIVERGENCE -> DivergenceJudge.judge(spec, facts);
            case GateSpec.MEAN -> MeanJudge.judge(spec, facts);
            case GateSpec.COMPLETION, GateSpec.P95, GateSpec.ACTIVITY_FAILURES -> LimitJudge.judge(spec, facts);
            default -> CustomJudge.judge(spec, facts);
        };
    }

    /** Whether a FAIL is proven, now or at an earlier look of this rollout. */
    static boolean failed(Facts facts, double log) {
        return Math.max(log, facts.number("peak")) >= -StrictMath.log(facts.number("alpha"));
    }

    static boolean suspicious(double log) {
        return log >= LOG_SUSPICIOUS;
    }

    /** {@code evidence 812 to 1, 200 to 1 is enough}. */
    static String evidence(Facts facts, double log) {
        double enough = -StrictMath.log(facts.number("alpha"));
        String now = "evidence " + Words.odds(log) + " to 1, " + Words.odds(enough) + " to 1 is enough";
        return log < enough && facts.number("peak") >= enough
                ? now + " and was reached before: it stays so for this rollout"
                : now;
    }

    /** Items that the minimum of the plan still demands. */
    static long missing(Facts facts) {
        return Math.max(0, facts.count("minimum") - facts.count("items"));
    }

    /** A finding in the making. */
    record Finding(GateSpec spec, Facts facts, long legacy, long temporal) {

        GateFinding say(GateOutcome outcome, String words, @Nullable Effect effect, OptionalLong needed) {
            return new GateFinding(
                    spec.name(), spec.mode(), outcome, words, legacy, temporal, effect, needed, facts.values());
        }

        GateFinding pass(String words, Effect effect) {
            return say(GateOutcome.PASS, words, effect, OptionalLong.empty());
        }

        GateFinding fail(String words, @Nullable Effect effect) {
            return say(GateOutcome.FAIL, words, effect, OptionalLong.empty());
        }

        GateFinding inconclusive(String words, @Nullable Effect effect, long needed) {
            return say(
                    GateOutcome.INCONCLUSIVE,
                    words,
                    effect,
                    needed > 0 ? OptionalLong.of(needed) : OptionalLong.empty());
        }
    }

    /** The smallest number in {@code from <= n <= most} for which it holds, if it holds from there on; 0 if for none. */
    static long smallest(long from, long most, java.util.function.LongPredicate holds) {
        if (!holds.test(most)) {
            return 0;
        }
        long low = from;
        long high = most;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (holds.test(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
