package dev.shunt.comparison.gates;

import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateFinding.Effect;
import dev.shunt.comparison.GateSpec;
import dev.shunt.comparison.gates.Judges.Finding;
import dev.shunt.comparison.gates.Shares.Interval;

/**
 * Whether the routes got their shares: first every single decision, then how keys fell on the routes. While this is wrong,
 * no comparison of the routes means anything.
 *
 * <p>Facts: {@code misrouted}; {@code keys} of {@link SplitEvidence#cells()}; {@code basisPoints} in force; {@code legacy}
 * and {@code temporal}, keys that the phase saw decided at that percentage; {@code itemsOfKeys}, how many items they had.
 */
final class SplitJudge {

    private static final long MOST = 100_000_000;

    /** With so many items for each key, more keys will hardly come. */
    private static final long MANY_ITEMS = 10;

    private SplitJudge() {}

    static GateFinding judge(GateSpec spec, Facts facts) {
        long legacy = facts.count("legacy");
        long temporal = facts.count("temporal");
        long all = legacy + temporal;
        double wanted = facts.number("basisPoints") / 10_000;
        double share = Shares.of(temporal, all);
        double tolerance = spec.effectiveLimit();
        var finding = new Finding(spec, facts, legacy, temporal);
        Interval interval = Shares.wilson(temporal, all, Shares.TWO_SIDED);
        var effect = new Effect("share of keys on Temporal", share, interval.low(), interval.high());
        long misrouted = facts.count("misrouted");
        if (misrouted > 0) {
            return finding.fail(
                    Words.count(misrouted) + (misrouted == 1 ? " item is" : " items are")
                            + " not on the route that bucket and percentage say"
                            + (facts.has("misroutedExample") ? ", such as " + facts.text("misroutedExample") : "")
                            + ".",
                    effect);
        }
        double log = SplitEvidence.of(facts.triples("keys")).log();
        String seen = Words.count(temporal) + " of " + Words.count(all) + " keys are on Temporal, "
                + Words.percent(share)
                + " (" + Words.percent(interval.low()) + " to " + Words.percent(interval.high()) + " at 95 %) where "
                + Words.percent(wanted) + " belong";
        if (Judges.failed(facts, log)) {
            return finding.fail(seen + "; " + Judges.evidence(facts, log) + ".", effect);
        }
        long missing = Judges.missing(facts);
        if (wanted == 0 || wanted == 1) {
            return missing == 0 && all > 0
                    ? finding.pass("All " + Words.count(all) + " keys are where they belong.", effect)
                    : finding.inconclusive(
                            Words.count(all) + " keys were seen: too few to tell, " + Words.count(Math.max(1, missing))
                                    + " more items on Temporal needed.",
                            effect,
                            Math.max(1, missing));
        }
        if (missing == 0 && within(interval, wanted, tolerance) && !Judges.suspicious(log)) {
            return finding.pass(seen + ".", effect);
        }
        long enough = Judges.smallest(
                Math.max(all, 1),
                MOST,
                n -> within(Shares.score(wanted, (double) n, Shares.TWO_SIDED), wanted, tolerance));
        boolean suspicious = Judges.suspicious(log);
        long keys = enough > all || suspicious ? enough : enough(temporal, all, wanted, tolerance);
        long needed = Math.max(missing, Math.round((keys - all) * wanted));
        return finding.inconclusive(
                seen + ": "
                        + (suspicious
                                ? "further off than chance explains easily (" + Judges.evidence(facts, log) + ")"
                                : "too few to tell")
                        + (needed > 0 ? ", about " + Words.count(needed) + " more on Temporal needed" : "") + "."
                        + (suspicious ? "" : fewKeys(facts, all, keys)),
                effect,
                needed);
    }

    /** How many keys it takes if those that come fall as they should, on top of those that are there. */
    private static long enough(long temporal, long all, double wanted, double tolerance) {
        return Judges.smallest(all, MOST, n -> {
            double share = (temporal + (n - all) * wanted) / n;
            return within(Shares.score(share, (double) n, Shares.TWO_SIDED), wanted, tolerance);
        });
    }

    /** That it may never come to so many, if there are hardly so many: said once each key has had many items. */
    private static String fewKeys(Facts facts, long all, long enough) {
        long items = facts.count("itemsOfKeys");
        return all == 0 || enough <= all || items < MANY_ITEMS * all
                ? ""
                : " A key counts once in a phase, and these had " + Words.count(items)
                        + " items: if there are fewer than "
                        + Words.count(enough) + " keys, this gate passes only with a wider limit in the plan, or is"
                        + " overridden.";
    }

    private static boolean within(Interval interval, double wanted, double tolerance) {
        return interval.low() >= wanted - tolerance && interval.high() <= wanted + tolerance;
    }
}
