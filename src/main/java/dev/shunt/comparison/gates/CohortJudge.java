package dev.shunt.comparison.gates;

import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateFinding.Effect;
import dev.shunt.comparison.GateSpec;
import dev.shunt.comparison.gates.Judges.Finding;
import dev.shunt.comparison.gates.Shares.Interval;

/**
 * The gates that hold Temporal against legacy: dead items, items over the frozen 99th percentile, items over the frozen
 * median. FAIL by the evidence of keys, over the whole rollout; PASS by the interval of the difference, over the phase.
 *
 * <p>Facts: {@code blocks} and {@code aloneBlocks}, the evidence of {@link Evidence#cells()} with and without a control;
 * {@code legacy}, {@code temporal}, {@code legacyHits}, {@code temporalHits} of the phase; {@code alone} when legacy has
 * no share of the phase, and then {@code basis} saying where its figures come from, {@code allowed} the share that
 * Temporal may have; {@code margin}; for latencies {@code thresholds} in words, or {@code noThreshold}.
 */
final class CohortJudge {

    /** How much of the chance of a false FAIL is kept for the time without a control. */
    private static final double ALONE = 0.1;

    private static final long MOST = 100_000_000;

    private CohortJudge() {}

    static double log(Facts facts) {
        double compared = Evidence.of(facts.blocks("blocks")).log();
        double alone = Evidence.of(facts.blocks("aloneBlocks")).log();
        return Logs.sum(StrictMath.log(1 - ALONE) + compared, StrictMath.log(ALONE) + alone);
    }

    static GateFinding judge(GateSpec spec, Facts facts) {
        long legacy = facts.count("legacy");
        long temporal = facts.count("temporal");
        long legacyHits = facts.count("legacyHits");
        long hits = facts.count("temporalHits");
        double margin = facts.number("margin");
        var finding = new Finding(spec, facts, legacy, temporal);
        String noThreshold = facts.text("noThreshold");
        double log = log(facts);
        if (noThreshold != null && !Judges.failed(facts, log)) {
            return finding.inconclusive("Cannot be judged yet: " + noThreshold + ".", null, 0);
        }
        Interval difference = Shares.difference(hits, temporal, legacyHits, legacy, Shares.TWO_SIDED);
        double more = Shares.of(hits, temporal) - Shares.of(legacyHits, legacy);
        var effect = new Effect(
                "share of items that " + what(spec) + ", Temporal less legacy",
                more,
                difference.low(),
                difference.high());
        String seen = seen(spec, facts);
        if (Judges.failed(facts, log)) {
            return finding.fail(
                    "More items " + what(spec) + " on Temporal: " + seen + ", " + Words.points(more) + " points more ("
                            + Words.points(difference.low()) + " to " + Words.points(difference.high()) + " at 95 %); "
                            + Judges.evidence(facts, log) + ".",
                    effect);
        }
        double most = upper(hits, temporal, legacyHits, legacy);
        long missing = Judges.missing(facts);
        if (missing == 0 && temporal > 0 && legacy > 0 && most <= margin && !Judges.suspicious(log)) {
            return finding.pass(
                    seen + ": at most " + Words.points(Math.max(0, most)) + " points more (95 %), allowed are "
                            + Words.points(margin) + ".",
                    effect);
        }
        if (legacy == 0) {
            return finding.inconclusive(
                    seen + ": nothing on legacy to hold it against.", temporal == 0 ? null : effect, missing);
        }
        long enough =
                Judges.smallest(temporal, Math.max(MOST, temporal), n -> upper(hits, n, legacyHits, legacy) <= margin);
        long needed = Math.max(missing, enough - temporal);
        String why = Judges.suspicious(log)
                ? "more than chance explains easily, less than proves it (" + Judges.evidence(facts, log) + ")"
                : "too few to tell";
        return finding.inconclusive(seen + ": " + why + more(spec, needed, enough) + ".", effect, needed);
    }

    private static String more(GateSpec spec, long needed, long enough) {
        if (enough == 0) {
            return ", and legacy has too few to compare with";
        }
        return needed <= 0
                ? ""
                : ", " + Words.count(needed) + " more on Temporal needed if none of them "
                        + what(spec).replaceFirst("die", "dies").replaceFirst("take", "takes");
    }

    private static double upper(long hits, long trials, long otherHits, long otherTrials) {
        return Shares.difference(hits, trials, otherHits, otherTrials, Shares.ONE_SIDED)
                .high();
    }

    private static String what(GateSpec spec) {
        return switch (spec.name()) {
            case GateSpec.ERRORS -> "die";
            case GateSpec.TAIL -> "take longer than the slowest hundredth of legacy";
            default -> "take longer than the median of legacy";
        };
    }

    private static String seen(GateSpec spec, Facts facts) {
        String done =
                spec.name().equals(GateSpec.ERRORS) ? "died" : "took longer than " + facts.text("thresholds", "?");
        return Words.count(facts.count("temporalHits")) + " of " + Words.count(facts.count("temporal")) + " items "
                + done + " on Temporal and " + Words.count(facts.count("legacyHits")) + " of "
                + Words.count(facts.count("legacy")) + " on legacy"
                + (facts.has("basis") ? " " + facts.text("basis") : "")
                + (facts.has("allowed")
                        ? " (no control in this phase: FAIL when more than " + Words.percent(facts.number("allowed"))
                                + " is proven)"
                        : "");
    }
}
