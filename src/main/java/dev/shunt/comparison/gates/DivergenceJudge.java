package dev.shunt.comparison.gates;

import dev.shunt.comparison.Equality;
import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateFinding.Effect;
import dev.shunt.comparison.GateSpec;
import dev.shunt.comparison.gates.Judges.Finding;
import java.util.Comparator;
import java.util.List;

/**
 * Whether results differ. No difference is no proof: it passes on the exact 95 % upper bound, never on the rate.
 *
 * <p>Two mechanisms compare, mostly different items, so what one found says nothing of a share of what the other compared.
 * Each is judged by itself and spends half of the chance of a false FAIL; it fails if either does, and passes by the one
 * that compared more. A pair whose second run was late or failed may differ: for the bound it does.
 *
 * <p>Facts of the rollout: {@code pairs}, {@code differingPairs}, {@code pairsWithoutResult}; {@code verified}, {@code
 * differingVerified}; {@code ofNoItem}, divergences that belong to no item, and their {@code groups}. Verdicts that were
 * kept before have {@code compared}, {@code differing} and {@code basis} of both together, and are judged as they were.
 */
final class DivergenceJudge {

    private static final long MOST = 1_000_000_000;

    private DivergenceJudge() {}

    /**
     * What one mechanism compared.
     *
     * @param without a result: they may differ
     */
    private record Source(String items, long compared, long differing, long without) {

        Source {
            compared = Math.max(compared, differing);
        }

        double log(double limit) {
            var evidence = new Evidence();
            evidence.add(limit, differing, compared - differing);
            return evidence.log();
        }

        double bound() {
            return Equality.upperBound(differing + without, compared + without);
        }

        String seen() {
            return Words.count(differing) + " of " + Words.count(compared) + " " + items + " differ"
                    + (without == 0
                            ? ""
                            : " and " + Words.count(without) + " more were late or failed, which may differ");
        }
    }

    private static List<Source> sources(Facts facts) {
        return facts.has("pairs")
                ? List.of(
                        new Source(
                                "shadow pairs",
                                facts.count("pairs"),
                                facts.count("differingPairs"),
                                facts.count("pairsWithoutResult")),
                        new Source(
                                "items on Temporal that were verified against their input",
                                facts.count("verified"),
                                facts.count("differingVerified"),
                                0))
                : List.of(new Source(
                        facts.text("basis", "compared items"), facts.count("compared"), facts.count("differing"), 0));
    }

    /** The greater of both e-values divided by their number: it reaches 1/a if one of them reaches 2/a. */
    static double log(GateSpec spec, Facts facts) {
        List<Source> sources = sources(facts);
        return sources.stream()
                        .mapToDouble(source -> source.log(spec.effectiveLimit()))
                        .max()
                        .orElse(0)
                - StrictMath.log(sources.size());
    }

    static GateFinding judge(GateSpec spec, Facts facts) {
        double limit = spec.effectiveLimit();
        double log = log(spec, facts);
        boolean failed = Judges.failed(facts, log);
        Comparator<Source> by = failed
                ? Comparator.comparingDouble(source -> source.log(limit))
                : Comparator.comparingLong(Source::compared);
        // the first of equals
        Source source = sources(facts).stream()
                .reduce((one, other) -> by.compare(other, one) > 0 ? other : one)
                .orElseThrow();
        long compared = source.compared();
        long differing = source.differing();
        var finding = new Finding(spec, facts, 0, compared);
        double bound = source.bound();
        var effect = new Effect(
                "share of compared items that differ",
                Shares.of(differing, compared),
                compared == 0 ? 0 : 1 - Equality.upperBound(compared - differing, compared),
                bound);
        if (failed) {
            return finding.fail(
                    source.seen() + ", at least " + Words.percent(effect.low()) + " (95 %) where "
                            + Words.percent(limit) + " are allowed; " + Judges.evidence(facts, log) + ".",
                    effect);
        }
        String atMost = source.seen() + ": at most " + Words.percent(bound) + " can (95 %), allowed are "
                + Words.percent(limit);
        long missing = Judges.missing(facts);
        boolean open = facts.count("ofNoItem") > 0;
        if (missing == 0 && bound <= limit && !open) {
            return finding.pass(atMost + ".", effect);
        }
        long unequal = differing + source.without();
        long seen = compared + source.without();
        long enough = unequal == 0
                ? Equality.neededWithoutDifference(limit)
                : Judges.smallest(Math.max(seen, 1), MOST, n -> Equality.upperBound(unequal, n) <= limit);
        long needed = Math.max(missing, enough - seen);
        return finding.inconclusive(
                atMost + (needed > 0 ? ", " + Words.count(needed) + " more without a difference needed" : "") + "."
                        + (open ? ofNoItem(facts) : ""),
                compared == 0 ? null : effect,
                needed);
    }

    private static String ofNoItem(Facts facts) {
        long number = facts.count("ofNoItem");
        return " " + (number == 1 ? "1 divergence that belongs" : Words.count(number) + " divergences that belong")
                + " to no item on a route " + (number == 1 ? "was" : "were") + " first seen in this rollout: "
                + facts.text("groups", "")
                + ". It does not pass before each of these groups is accepted with a reason, or"
                + " hidden by a rule (docs/comparator.md, Groups).";
    }
}
