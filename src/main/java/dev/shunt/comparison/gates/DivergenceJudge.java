package dev.shunt.comparison.gates;

import dev.shunt.comparison.Equality;
import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateFinding.Effect;
import dev.shunt.comparison.GateOutcome;
import dev.shunt.comparison.GateSpec;
import dev.shunt.comparison.gates.Judges.Finding;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * Whether results differ. No difference is no proof: it passes on the exact 95 % upper bound, never on the rate.
 *
 * <p>Two mechanisms compare, mostly different items, so what one found says nothing of a share of what the other compared.
 * Each is judged by itself and spends half of the chance of a false FAIL; it fails if either does, and passes by the one
 * that compared more. A pair whose second run was late or failed may differ: for the bound it does. So does an item that
 * was found to differ and is not among the compared ones: it is no evidence of their share. What is proven stays proven
 * while the comparator does not verify; nothing passes then.
 *
 * <p>Facts of the rollout: {@code pairs}, {@code differingPairs} of them, {@code otherDifferingPairs} that are not among
 * them, {@code pairsWithoutResult}; {@code verified}, {@code differingVerified} of them, {@code otherDifferingVerified};
 * {@code ofNoItem}, divergences that belong to no item, and their {@code groups}; {@code comparatorStale}, why nobody can
 * say that nothing differs. Verdicts that were kept before are judged as they were: without the facts of others a mechanism
 * under suspicion holds nothing up; older ones have {@code compared}, {@code differing} and {@code basis} of both together.
 */
final class DivergenceJudge {

    private static final long MOST = 1_000_000_000;

    private DivergenceJudge() {}

    /**
     * What one mechanism compared.
     *
     * @param others that differ and are not among the compared ones
     * @param without a result: they may differ
     */
    private record Source(String items, long compared, long differing, long others, long without) {

        Source {
            compared = Math.max(compared, differing);
        }

        double log(double limit) {
            return log(limit, compared);
        }

        /** If so many were compared and no more of them differed. */
        double log(double limit, long compared) {
            var evidence = new Evidence();
            evidence.add(limit, differing, compared - differing);
            return evidence.log();
        }

        /** Those that differ, or may. */
        long unequal() {
            return differing + others + without;
        }

        long all() {
            return compared + others + without;
        }

        double bound() {
            return Equality.upperBound(unequal(), all());
        }

        String seen() {
            return Words.count(differing) + " of " + Words.count(compared) + " " + items + " differ"
                    + (others == 0 ? "" : " and " + Words.count(others) + " more do that are not among them")
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
                                facts.count("otherDifferingPairs"),
                                facts.count("pairsWithoutResult")),
                        new Source(
                                "items on Temporal that were verified against their input",
                                facts.count("verified"),
                                facts.count("differingVerified"),
                                facts.count("otherDifferingVerified"),
                                0))
                : List.of(new Source(
                        facts.text("basis", "compared items"),
                        facts.count("compared"),
                        facts.count("differing"),
                        0,
                        0));
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
        Source suspect = first(facts, Comparator.comparingDouble(source -> source.log(limit)));
        if (Judges.failed(facts, log)) {
            var finding = new Finding(spec, facts, 0, suspect.compared());
            Effect effect = effect(suspect);
            return finding.fail(
                    suspect.seen() + ", at least " + Words.percent(effect.low()) + " (95 %) where "
                            + Words.percent(limit) + " are allowed; " + Judges.evidence(facts, log) + ".",
                    effect);
        }
        String stale = facts.text("comparatorStale");
        if (stale != null) {
            return new Finding(spec, facts, 0, 0)
                    .say(GateOutcome.NO_DATA, "No data: " + stale + ".", null, OptionalLong.empty());
        }
        Source source = first(facts, Comparator.comparingLong(Source::compared));
        double bound = source.bound();
        boolean suspicious = facts.has("otherDifferingVerified") && Judges.suspicious(log);
        if (suspicious && bound <= limit) {
            return suspicious(spec, facts, suspect, log);
        }
        String atMost = source.seen() + ": at most " + Words.percent(bound) + " can (95 %), allowed are "
                + Words.percent(limit);
        var finding = new Finding(spec, facts, 0, source.compared());
        long missing = Judges.missing(facts);
        if (missing == 0 && bound <= limit && facts.count("ofNoItem") == 0) {
            return finding.pass(atMost + ".", effect(source));
        }
        long unequal = source.unequal();
        long enough = unequal == 0
                ? Equality.neededWithoutDifference(limit)
                : Judges.smallest(Math.max(source.all(), 1), MOST, n -> Equality.upperBound(unequal, n) <= limit);
        long needed = Math.max(missing, enough - source.all());
        return finding.inconclusive(
                atMost + needed(needed) + "." + ofNoItem(facts),
                source.compared() == 0 ? null : effect(source),
                needed);
    }

    /** It would pass, were it not for what one of the mechanisms found. */
    private static GateFinding suspicious(GateSpec spec, Facts facts, Source suspect, double log) {
        double shared = StrictMath.log(sources(facts).size());
        long enough = Judges.smallest(
                suspect.compared(), MOST, n -> !Judges.suspicious(suspect.log(spec.effectiveLimit(), n) - shared));
        long needed = Math.max(Judges.missing(facts), enough - suspect.compared());
        return new Finding(spec, facts, 0, suspect.compared())
                .inconclusive(
                        suspect.seen() + " where " + Words.percent(spec.effectiveLimit())
                                + " are allowed: more than chance explains easily, less than proves it ("
                                + Judges.evidence(facts, log) + ")" + needed(needed) + "." + ofNoItem(facts),
                        effect(suspect),
                        needed);
    }

    /** The greatest, of equals the first. */
    private static Source first(Facts facts, Comparator<Source> by) {
        return sources(facts).stream()
                .reduce((one, other) -> by.compare(other, one) > 0 ? other : one)
                .orElseThrow();
    }

    private static Effect effect(Source source) {
        long compared = source.compared();
        return new Effect(
                "share of compared items that differ",
                Shares.of(source.differing(), compared),
                compared == 0 ? 0 : 1 - Equality.upperBound(compared - source.differing(), compared),
                source.bound());
    }

    private static String needed(long needed) {
        return needed > 0 ? ", " + Words.count(needed) + " more without a difference needed" : "";
    }

    private static String ofNoItem(Facts facts) {
        long number = facts.count("ofNoItem");
        if (number == 0) {
            return "";
        }
        return " " + (number == 1 ? "1 divergence that belongs" : Words.count(number) + " divergences that belong")
                + " to no item on a route " + (number == 1 ? "was" : "were") + " first seen in this rollout"
                + (facts.has("ofNoItemBack")
                        ? " (" + Words.count(facts.count("ofNoItemBack"))
                                + " before it, and came back or went further in it)"
                        : "")
                + ": "
                + facts.text("groups", "")
                + ". It does not pass before each of these groups is accepted with a reason, or"
                + " hidden by a rule (docs/comparator.md, Groups).";
    }
}
