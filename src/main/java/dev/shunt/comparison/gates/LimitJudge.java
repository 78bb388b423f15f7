package dev.shunt.comparison.gates;

import dev.shunt.comparison.Equality;
import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateFinding.Effect;
import dev.shunt.comparison.GateSpec;
import dev.shunt.comparison.gates.Judges.Finding;
import dev.shunt.comparison.gates.Shares.Interval;

/**
 * Shares that Temporal may not exceed, whatever legacy does: items it does not complete, items slower than the limit of
 * the 95th percentile (at most 5 in 100 are, if the percentile is within it), tries of activities that fail.
 *
 * <p>Facts: {@code trials}, {@code hits} of the phase; {@code blocks}, evidence of the rollout with the allowed share as
 * the chance; {@code shown}, the percentile itself if there is one.
 */
final class LimitJudge {

    private static final long MOST = 1_000_000_000;

    private LimitJudge() {}

    static double allowed(GateSpec spec) {
        return switch (spec.name()) {
            case GateSpec.COMPLETION -> 1 - spec.effectiveLimit();
            case GateSpec.P95 -> 0.05;
            default -> spec.effectiveLimit();
        };
    }

    static GateFinding judge(GateSpec spec, Facts facts) {
        long trials = facts.count("trials");
        long hits = facts.count("hits");
        double allowed = allowed(spec);
        var finding = new Finding(spec, facts, 0, trials);
        Interval interval = Shares.exact(hits, trials);
        var effect = new Effect("share of " + noun(spec), Shares.of(hits, trials), interval.low(), interval.high());
        String seen = Words.count(hits) + " of " + Words.count(trials) + " " + noun(spec) + " ("
                + Words.percent(interval.low())
                + " to " + Words.percent(interval.high()) + " at 95 %)";
        double log = Evidence.of(facts.blocks("blocks")).log();
        if (Judges.failed(facts, log)) {
            return finding.fail(
                    seen + " where " + Words.percent(allowed) + " are allowed; " + Judges.evidence(facts, log) + ".",
                    effect);
        }
        double most = Equality.upperBound(hits, trials);
        long missing = Judges.missing(facts);
        if (missing == 0 && most <= allowed && !Judges.suspicious(log)) {
            return finding.pass(
                    seen + ": at most " + Words.percent(most) + ", allowed are " + Words.percent(allowed) + ".",
                    effect);
        }
        long enough = hits == 0
                ? Equality.neededWithoutDifference(allowed)
                : Judges.smallest(Math.max(trials, 1), MOST, n -> Equality.upperBound(hits, n) <= allowed);
        long needed = Math.max(missing, enough - trials);
        return finding.inconclusive(
                seen + ", allowed are " + Words.percent(allowed) + ": not proven either way"
                        + (needed > 0 ? ", " + Words.count(needed) + " more without one needed" : "") + ".",
                trials == 0 ? null : effect,
                needed);
    }

    private static String noun(GateSpec spec) {
        return switch (spec.name()) {
            case GateSpec.COMPLETION -> "items that Temporal did not complete within a minute";
            case GateSpec.P95 -> "items that took longer than " + Words.digits(spec.effectiveLimit()) + " s";
            default -> "tries of activities that failed";
        };
    }
}
