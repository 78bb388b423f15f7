package dev.shunt.comparison.gates;

import dev.shunt.comparison.CustomQuery;
import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateFinding.Effect;
import dev.shunt.comparison.GateOutcome;
import dev.shunt.comparison.GateSpec;
import dev.shunt.comparison.gates.Judges.Finding;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * A number that something else measured. Whether it is sure is for that to know: it is held against its limit as it is.
 *
 * <p>Facts: {@code value}, or {@code problem} saying why there is none.
 */
final class CustomJudge {

    private CustomJudge() {}

    static GateFinding judge(GateSpec spec, Facts facts) {
        CustomQuery query = Objects.requireNonNull(spec.query(), "only custom gates come here");
        var finding = new Finding(spec, facts, 0, facts.count("items"));
        String problem = facts.text("problem");
        if (problem != null || !facts.has("value")) {
            return finding.say(
                    GateOutcome.NO_DATA,
                    "No data: " + (problem == null ? "no answer" : problem) + ".",
                    null,
                    OptionalLong.empty());
        }
        double value = facts.number("value");
        String seen = query.expression() + " is " + Words.digits(value) + ", wanted is " + query.good() + " "
                + Words.digits(query.limit());
        var effect = new Effect("answer of " + spec.name(), value, value, value);
        if (!query.accepts(value)) {
            return finding.fail(seen + ".", effect);
        }
        long missing = Judges.missing(facts);
        return missing == 0
                ? finding.pass(seen + ".", effect)
                : finding.inconclusive(
                        seen + "; the phase asks for " + Words.count(missing) + " more items on Temporal.",
                        effect,
                        missing);
    }
}
