package dev.shunt.comparison.gates;

import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateFinding.Effect;
import dev.shunt.comparison.GateOutcome;
import dev.shunt.comparison.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A verdict made again from its row, by the same code that made it.
 *
 * @param outcome as it comes out now
 * @param findings as they come out now
 * @param differences what is not as it was recorded, one sentence each; empty if all is
 */
public record Recomputation(GateOutcome outcome, List<GateFinding> findings, List<String> differences) {

    private static final double CLOSE = 1e-9;

    public Recomputation {
        findings = List.copyOf(findings);
        differences = List.copyOf(differences);
    }

    /**
     * @param outcome as recorded
     * @param findingsJson the column {@code findings} of {@code gate_verdict}
     * @throws IllegalArgumentException if it is not what a verdict's findings look like
     */
    public static Recomputation of(String outcome, String findingsJson) {
        List<GateFinding> recorded = GateJson.findings(findingsJson);
        List<GateFinding> again = new ArrayList<>();
        List<String> differences = new ArrayList<>();
        for (GateFinding each : recorded) {
            GateFinding now = Judges.judge(GateJson.spec(each), new Facts(each.inputs()));
            again.add(now);
            compare(each, now, differences);
        }
        GateOutcome now = Verdict.together(again);
        if (!now.name().equals(outcome)) {
            differences.add("the verdict is " + now + ", recorded is " + outcome);
        }
        return new Recomputation(now, again, differences);
    }

    private static void compare(GateFinding recorded, GateFinding now, List<String> differences) {
        String gate = "gate " + recorded.gate();
        differ(gate + " is", recorded.outcome(), now.outcome(), differences);
        differ(gate + " says", recorded.words(), now.words(), differences);
        differ(gate + " has items on legacy", recorded.legacyItems(), now.legacyItems(), differences);
        differ(gate + " has items on Temporal", recorded.temporalItems(), now.temporalItems(), differences);
        differ(gate + " needs", recorded.itemsNeeded(), now.itemsNeeded(), differences);
        if (!close(recorded.effect(), now.effect())) {
            differ(gate + " has the effect", recorded.effect(), now.effect(), differences);
        }
    }

    private static void differ(String what, @Nullable Object recorded, @Nullable Object now, List<String> differences) {
        if (!String.valueOf(recorded).equals(String.valueOf(now))) {
            differences.add(what + " " + now + ", recorded is " + recorded);
        }
    }

    private static boolean close(@Nullable Effect one, @Nullable Effect other) {
        if (one == null || other == null) {
            return Objects.equals(one, other);
        }
        return one.what().equals(other.what())
                && close(one.value(), other.value())
                && close(one.low(), other.low())
                && close(one.high(), other.high());
    }

    private static boolean close(double one, double other) {
        return Math.abs(one - other) <= CLOSE * Math.max(1, Math.abs(one));
    }
}
