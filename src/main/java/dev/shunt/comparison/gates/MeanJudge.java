package dev.shunt.comparison.gates;

import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateFinding.Effect;
import dev.shunt.comparison.GateSpec;
import dev.shunt.comparison.gates.Judges.Finding;

/**
 * The mean time of items on Temporal. FAIL by a bet that is valid for any distribution; PASS by the normal interval, which
 * is an approximation and therefore asks for a hundred items at least.
 *
 * <p>Facts: {@code mean}, the numbers of {@link MeanEvidence#values()}, in microseconds.
 */
final class MeanJudge {

    private static final long LEAST = 100;

    private MeanJudge() {}

    static GateFinding judge(GateSpec spec, Facts facts) {
        MeanEvidence mean = MeanEvidence.of(facts.numbers("mean"));
        long items = mean.count();
        double limit = spec.effectiveLimit() * 1e6;
        var finding = new Finding(spec, facts, 0, items);
        double half = items < 2 ? 0 : Shares.TWO_SIDED * mean.deviation() / Math.sqrt((double) items);
        var effect = new Effect(
                "mean of acceptance to commit, in seconds",
                mean.mean() / 1e6,
                Math.max(0, mean.mean() - half) / 1e6,
                (mean.mean() + half) / 1e6);
        String seen = "The mean of " + Words.count(items) + " items on Temporal is " + Words.seconds(mean.mean()) + " ("
                + Words.digits(effect.low()) + " to " + Words.digits(effect.high()) + " at 95 %), allowed are "
                + Words.seconds(limit);
        double log = mean.log();
        if (Judges.failed(facts, log)) {
            return finding.fail(seen + "; " + Judges.evidence(facts, log) + ".", effect);
        }
        double most = mean.mean() + Shares.ONE_SIDED * mean.deviation() / Math.sqrt((double) Math.max(1, items));
        long missing = Math.max(Judges.missing(facts), LEAST - items);
        if (missing <= 0 && most <= limit && !Judges.suspicious(log)) {
            return finding.pass(seen + ".", effect);
        }
        double room = (limit - mean.mean()) / (Shares.ONE_SIDED * Math.max(1, mean.deviation()));
        long enough = room > 0 ? (long) Math.min(1e9, Math.ceil(1 / (room * room))) : 0;
        long needed = Math.max(missing, enough - items);
        return finding.inconclusive(
                seen + ": not proven either way" + (needed > 0 ? ", about " + Words.count(needed) + " more needed" : "")
                        + ".",
                items == 0 ? null : effect,
                needed);
    }
}
