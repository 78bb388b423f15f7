package dev.shunt.comparison.gates;

import dev.shunt.comparison.Equality;
import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateFinding.Effect;
import dev.shunt.comparison.GateSpec;
import dev.shunt.comparison.gates.Judges.Finding;

/**
 * Whether results differ. No difference is no proof: it passes on the exact 95 % upper bound, never on the rate.
 *
 * <p>Facts: {@code compared}, {@code differing} of the rollout, and {@code basis} saying what was compared.
 */
final class DivergenceJudge {

    private static final long MOST = 1_000_000_000;

    private DivergenceJudge() {}

    static double log(GateSpec spec, Facts facts) {
        var evidence = new Evidence();
        long differing = facts.count("differing");
        evidence.add(spec.effectiveLimit(), differing, facts.count("compared") - differing);
        return evidence.log();
    }

    static GateFinding judge(GateSpec spec, Facts facts) {
        long compared = facts.count("compared");
        long differing = facts.count("differing");
        double limit = spec.effectiveLimit();
        var finding = new Finding(spec, facts, 0, compared);
        double bound = Equality.upperBound(differing, compared);
        var effect = new Effect(
                "share of compared items that differ",
                Shares.of(differing, compared),
                compared == 0 ? 0 : 1 - Equality.upperBound(compared - differing, compared),
                bound);
        String seen = Words.count(differing) + " of " + Words.count(compared) + " "
                + facts.text("basis", "compared items") + " differ";
        double log = log(spec, facts);
        if (Judges.failed(facts, log)) {
            return finding.fail(
                    seen + ", at least " + Words.percent(effect.low()) + " (95 %) where " + Words.percent(limit)
                            + " are allowed; " + Judges.evidence(facts, log) + ".",
                    effect);
        }
        String atMost = seen + ": at most " + Words.percent(bound) + " can (95 %), allowed are " + Words.percent(limit);
        long missing = Judges.missing(facts);
        if (missing == 0 && bound <= limit) {
            return finding.pass(atMost + ".", effect);
        }
        long enough = differing == 0
                ? Equality.neededWithoutDifference(limit)
                : Judges.smallest(Math.max(compared, 1), MOST, n -> Equality.upperBound(differing, n) <= limit);
        long needed = Math.max(missing, enough - compared);
        return finding.inconclusive(
                atMost + (needed > 0 ? ", " + Words.count(needed) + " more without a difference needed" : "") + ".",
                compared == 0 ? null : effect,
                needed);
    }
}
