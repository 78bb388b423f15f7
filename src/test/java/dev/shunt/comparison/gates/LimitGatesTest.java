package dev.shunt.comparison.gates;

import static dev.shunt.comparison.GateOutcome.FAIL;
import static dev.shunt.comparison.GateOutcome.INCONCLUSIVE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateFinding.Effect;
import dev.shunt.comparison.GateMode;
import dev.shunt.comparison.GateOutcome;
import dev.shunt.comparison.GateSpec;
import dev.shunt.core.WayIn;
import dev.shunt.store.GateRow;
import dev.shunt.store.GateRow.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gates that hold Temporal against a limit, from items to verdict. */
class LimitGatesTest {

    private static final Instant START = Instant.parse("2026-11-22T08:00:00Z");

    private final Tally tally = new Tally(Control.NONE.terms(START, false, List.of()));
    private int items;

    /** Ends of the intervals: exact of Clopper and Pearson, normal for the mean; worked out apart from this code. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "completion        | 298 |  0 | INCONCLUSIVE | 0        | 0        | 0.012302",
                "completion        | 299 |  0 | PASS         | 0        | 0        | 0.012262",
                "completion        |  90 | 10 | FAIL         | 0.1      | 0.049005 | 0.176223",
                "p95               |  58 |  0 | INCONCLUSIVE | 0        | 0        | 0.061621",
                "p95               |  59 |  0 | PASS         | 0        | 0        | 0.060609",
                "p95               |  80 | 20 | FAIL         | 0.2      | 0.126656 | 0.291843",
                "mean              |  99 |  0 | INCONCLUSIVE | 0.01     | 0.01     | 0.01",
                "mean              | 100 |  0 | PASS         | 0.01     | 0.01     | 0.01",
                "mean              |  50 | 50 | FAIL         | 10.005   | 8.036147 | 11.973853",
                "activity-failures | 298 |  0 | INCONCLUSIVE | 0        | 0        | 0.012302",
                "activity-failures | 299 |  0 | PASS         | 0        | 0        | 0.012262",
                "activity-failures |  90 | 10 | FAIL         | 0.090909 | 0.044460 | 0.160835"
            })
    void a_limit_passes_on_its_bound_and_fails_on_proof(
            String gate, int good, int bad, GateOutcome outcome, double value, double low, double high) {
        stored(good, Duration.ofMillis(10), 1);
        switch (gate) {
            case GateSpec.COMPLETION -> stored(bad, Duration.ofSeconds(61), 1);
            case GateSpec.P95 -> stored(bad, Duration.ofSeconds(6), 1);
            case GateSpec.MEAN -> stored(bad, Duration.ofSeconds(20), 1);
            default -> stored(bad, Duration.ofMillis(10), 2);
        }
        GateFinding finding = judge(gate, 0);
        assertThat(finding.outcome()).as(finding.words()).isEqualTo(outcome);
        Effect effect = requireNonNull(finding.effect(), finding.words());
        assertThat(new double[] {effect.value(), effect.low(), effect.high()})
                .containsExactly(new double[] {value, low, high}, within(0.000_001));
        assertThat(judge(gate, 1_000).outcome())
                .as("below the plan's minimum of items nothing passes, and what is proven fails")
                .isEqualTo(outcome == FAIL ? FAIL : INCONCLUSIVE);
    }

    private GateFinding judge(String gate, long minimum) {
        GateSpec spec = GateSpec.of(gate, GateMode.ROLLBACK);
        var facts = new TallyFacts(tally, GateSettings.DEFAULTS, Control.NONE, false, 1_000, minimum, Map.of(), null);
        return Judges.judge(spec, facts.of(spec));
    }

    private void stored(int count, Duration took, int attempts) {
        for (int i = 0; i < count; i++) {
            items++;
            tally.add(
                    new GateRow(
                            items,
                            items,
                            true,
                            true,
                            500,
                            1_000,
                            1,
                            "FLAG",
                            WayIn.HTTP,
                            State.STORED,
                            START,
                            START.plus(took),
                            attempts),
                    START);
        }
    }
}
