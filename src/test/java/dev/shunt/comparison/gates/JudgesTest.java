package dev.shunt.comparison.gates;

import static dev.shunt.comparison.GateOutcome.FAIL;
import static dev.shunt.comparison.GateOutcome.INCONCLUSIVE;
import static dev.shunt.comparison.GateOutcome.NO_DATA;
import static dev.shunt.comparison.GateOutcome.PASS;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateFinding.Effect;
import dev.shunt.comparison.GateMode;
import dev.shunt.comparison.GateOutcome;
import dev.shunt.comparison.GateSpec;
import dev.shunt.comparison.Verdict;
import dev.shunt.core.Reason;
import dev.shunt.core.WayIn;
import dev.shunt.store.GateRow;
import dev.shunt.store.GateRow.State;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JudgesTest {

    private static final Instant START = Instant.parse("2026-11-22T08:00:00Z");

    private final List<GateSpec> specs = GateSpec.KNOWN.keySet().stream()
            .sorted()
            .map(name -> GateSpec.of(name, GateMode.ROLLBACK))
            .toList();
    private final Tally tally = new Tally(Control.NONE.terms(START, false, specs));
    private final Map<String, Double> peaks = new HashMap<>();
    private int items;

    @Test
    void one_error_in_five_items_is_inconclusive_and_says_what_is_missing() {
        legacy(45, State.STORED);
        temporal(4, State.STORED);
        temporal(1, State.DEAD);
        GateFinding finding = judge(GateSpec.ERRORS, 0, null);
        assertThat(finding.outcome()).isEqualTo(INCONCLUSIVE);
        assertThat(finding.itemsNeeded()).isPresent();
        assertThat(finding.itemsNeeded().getAsLong()).isBetween(200L, 2_000L);
        assertThat(finding.words()).contains("1 of 5 items died on Temporal", "0 of 45", "more on Temporal needed");
    }

    @Test
    void without_an_error_it_passes_when_enough_items_say_so() {
        legacy(3_000, State.STORED);
        temporal(300, State.STORED);
        GateFinding finding = judge(GateSpec.ERRORS, 50, null);
        assertThat(finding.outcome()).as(finding.words()).isEqualTo(PASS);
        assertThat(judge(GateSpec.ERRORS, 500, null).outcome()).isEqualTo(INCONCLUSIVE);
        assertThat(judge(GateSpec.ERRORS, 500, null).itemsNeeded()).hasValue(200);
    }

    @Test
    void errors_on_temporal_alone_fail_and_stay_failed() {
        legacy(900, State.STORED);
        temporal(96, State.STORED);
        temporal(5, State.DEAD);
        GateFinding finding = judge(GateSpec.ERRORS, 0, null);
        assertThat(finding.outcome()).as(finding.words()).isEqualTo(FAIL);
        peaks.put(GateSpec.ERRORS, CohortJudge.log(facts(GateSpec.ERRORS, 0, null)));
        legacy(200, State.DEAD);
        finding = judge(GateSpec.ERRORS, 0, null);
        assertThat(finding.outcome()).isEqualTo(FAIL);
        assertThat(finding.words()).contains("was reached before");
    }

    @Test
    void a_worse_legacy_never_fails_temporal() {
        legacy(500, State.DEAD);
        temporal(100, State.STORED);
        assertThat(judge(GateSpec.ERRORS, 0, null).outcome()).isEqualTo(PASS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"split", "errors", "tail", "bulk", "divergence", "completion", "p95", "mean", "activity-failures"
            })
    void without_fresh_readings_no_gate_says_anything_but_no_data(String gate) {
        legacy(3_000, State.STORED);
        temporal(3_000, State.STORED);
        GateFinding finding = judge(gate, 0, "no item was recorded for 7 min");
        assertThat(finding.outcome()).isEqualTo(NO_DATA);
        assertThat(finding.words()).contains("no item was recorded for 7 min");
    }

    @Test
    void an_item_is_over_the_threshold_as_soon_as_its_age_is() {
        freeze(1_000_000, 100_000);
        GateRow open = row(true, State.OPEN, START, null);
        tally.add(open, START.plusMillis(900));
        assertThat(tally.counts().get(Count.TEMPORAL_OVER_P99)).isZero();
        tally.add(open, START.plusMillis(1_100));
        tally.add(open, START.plusMillis(2_100));
        assertThat(tally.counts().get(Count.TEMPORAL_OVER_P99)).isEqualTo(1);
        tally.add(
                new GateRow(
                        open.item(),
                        open.unit(),
                        true,
                        true,
                        open.bucket(),
                        1_000,
                        1,
                        "FLAG",
                        WayIn.HTTP,
                        State.STORED,
                        START,
                        START.plusMillis(2_500),
                        1),
                START.plusMillis(2_500));
        assertThat(tally.counts().get(Count.TEMPORAL_OVER_P99)).isEqualTo(1);
        assertThat(tally.counts().get(Count.TEMPORAL_TIMED)).isEqualTo(1);
        assertThat(tally.tail.trials()).isEqualTo(1);
    }

    @Test
    void a_key_speaks_once_however_many_items_it_has() {
        for (int i = 0; i < 100; i++) {
            tally.add(
                    new GateRow(++items, 7, true, true, 3, 1_000, 1, "FLAG", WayIn.HTTP, State.DEAD, START, null, 1),
                    START);
        }
        assertThat(tally.errors.trials()).isEqualTo(1);
        assertThat(tally.counts().get(Count.TEMPORAL_DEAD)).isEqualTo(100);
        assertThat(judge(GateSpec.ERRORS, 0, null).outcome()).isEqualTo(INCONCLUSIVE);
    }

    @Test
    void pinned_and_replayed_items_count_nowhere() {
        for (Reason reason : List.of(Reason.PINNED, Reason.REPLAY)) {
            tally.add(
                    new GateRow(
                            ++items,
                            items,
                            true,
                            true,
                            9_000,
                            1_000,
                            1,
                            reason.name(),
                            WayIn.HTTP,
                            State.DEAD,
                            START,
                            null,
                            1),
                    START);
        }
        tally.splitUntil(Instant.MAX);
        assertThat(tally.errors.trials()).isZero();
        assertThat(tally.completion.trials()).isZero();
        assertThat(tally.counts().get(Count.MISROUTED)).isZero();
        assertThat(tally.phaseKeys().at(1_000).temporal()).isZero();
        assertThat(tally.counts().get(Count.PINNED)).isEqualTo(1);
        assertThat(tally.counts().get(Count.REPLAYED)).isEqualTo(1);
    }

    /** Newcombe's tenth method for the difference, Wilson's for the share; worked out apart from this code. */
    @Test
    void errors_and_split_show_their_effect_and_how_sure_it_is() {
        legacy(900, State.STORED);
        temporal(95, State.STORED);
        temporal(5, State.DEAD);
        tally.splitUntil(Instant.MAX);
        GateFinding errors = judge(GateSpec.ERRORS, 0, null);
        assertThat(requireNonNull(errors.effect()).what()).isEqualTo("share of items that die, Temporal less legacy");
        effect(errors, 0.05, 0.021228, 0.111750);
        GateFinding split = judge(GateSpec.SPLIT, 0, null);
        assertThat(requireNonNull(split.effect()).what()).isEqualTo("share of keys on Temporal");
        effect(split, 0.1, 0.082909, 0.120152);
        assertThat(split.outcome()).as(split.words()).isEqualTo(PASS);
    }

    private static void effect(GateFinding finding, double value, double low, double high) {
        Effect effect = requireNonNull(finding.effect(), finding.words());
        assertThat(new double[] {effect.value(), effect.low(), effect.high()})
                .containsExactly(new double[] {value, low, high}, within(0.000_001));
    }

    @Test
    void one_item_on_the_wrong_route_fails_the_split() {
        legacy(100, State.STORED);
        temporal(100, State.STORED);
        tally.add(
                new GateRow(
                        ++items,
                        items,
                        true,
                        true,
                        1_000,
                        1_000,
                        1,
                        "FLAG",
                        WayIn.HTTP,
                        State.STORED,
                        START,
                        START.plusMillis(1),
                        1),
                START);
        GateFinding finding = judge(GateSpec.SPLIT, 0, null);
        assertThat(finding.outcome()).isEqualTo(FAIL);
        assertThat(finding.words()).contains("1 item is not on the route");
    }

    @Test
    void keys_wait_for_the_split_until_every_item_of_their_time_is_known() {
        legacy(10, State.STORED);
        tally.splitUntil(START);
        assertThat(tally.phaseKeys().at(1_000).legacy()).isZero();
        tally.splitUntil(START.plusMillis(1));
        assertThat(tally.phaseKeys().at(1_000).legacy()).isEqualTo(10);
    }

    @Test
    void equality_passes_on_the_bound_and_fails_on_proof() {
        assertThat(divergence(0, 2_994).outcome()).isEqualTo(INCONCLUSIVE);
        assertThat(divergence(0, 2_994).itemsNeeded()).hasValue(1);
        assertThat(divergence(0, 2_995).outcome()).isEqualTo(PASS);
        assertThat(divergence(1, 1_000).outcome()).isEqualTo(INCONCLUSIVE);
        assertThat(divergence(1, 1_000).words()).contains("0.473 %");
        assertThat(divergence(12, 1_000).outcome()).isEqualTo(FAIL);
    }

    @Test
    void at_a_hundred_percent_the_frozen_baseline_is_what_counts_and_the_words_say_so() {
        legacy(2_000, State.STORED);
        legacy(10, State.DEAD);
        temporal(2_000, State.STORED);
        var control = new Control("50 %", tally.counts());
        tally.begin(control.terms(START.plusSeconds(60), true, specs));
        for (int i = 0; i < 500; i++) {
            add(true, i % 10 == 0 ? State.DEAD : State.STORED, START.plusSeconds(61), 10_000);
        }
        var facts = new TallyFacts(tally, GateSettings.DEFAULTS, control, true, 10_000, 0, peaks, null);
        GateSpec errors = GateSpec.of(GateSpec.ERRORS, GateMode.ROLLBACK);
        GateFinding finding = Judges.judge(errors, facts.of(errors));
        assertThat(finding.outcome()).as(finding.words()).isEqualTo(FAIL);
        assertThat(finding.words()).contains("frozen in phase 50 %", "no control in this phase");
    }

    @Test
    void the_worst_gate_that_counts_makes_the_verdict() {
        assertThat(together(PASS, PASS)).isEqualTo(PASS);
        assertThat(together(PASS, INCONCLUSIVE)).isEqualTo(INCONCLUSIVE);
        assertThat(together(NO_DATA, INCONCLUSIVE)).isEqualTo(NO_DATA);
        assertThat(together(NO_DATA, FAIL)).isEqualTo(FAIL);
        assertThat(Verdict.together(List.of())).isEqualTo(INCONCLUSIVE);
    }

    @Test
    void a_kept_verdict_comes_out_the_same_and_a_changed_one_does_not() {
        freeze(1_000_000, 5_000);
        legacy(3_000, State.STORED);
        temporal(300, State.STORED);
        temporal(2, State.DEAD);
        tally.splitUntil(Instant.MAX);
        List<GateFinding> findings =
                specs.stream().map(spec -> judge(spec.name(), 10, null)).toList();
        String json = GateJson.findings(findings);
        String outcome = Verdict.together(findings).name();
        assertThat(Recomputation.of(outcome, json).differences()).isEmpty();
        assertThat(Recomputation.of("PASS", json).differences()).isNotEmpty();
        assertThat(Recomputation.of(outcome, json.replace("\"trials\":302", "\"trials\":30002"))
                        .differences())
                .isNotEmpty();
    }

    private GateOutcome together(GateOutcome... outcomes) {
        List<GateFinding> findings = List.of(outcomes).stream()
                .map(outcome -> new GateFinding(
                        "errors", GateMode.HOLD, outcome, "", 0, 0, null, java.util.OptionalLong.empty(), Map.of()))
                .toList();
        return Verdict.together(findings);
    }

    private GateFinding divergence(long differing, long compared) {
        GateSpec spec = GateSpec.of(GateSpec.DIVERGENCE, GateMode.ROLLBACK);
        return Judges.judge(
                spec,
                facts(GateSpec.DIVERGENCE, 0, null).with("differing", differing).with("compared", compared));
    }

    private GateFinding judge(String gate, long minimum, @Nullable String stale) {
        return Judges.judge(GateSpec.of(gate, GateMode.ROLLBACK), facts(gate, minimum, stale));
    }

    private Facts facts(String gate, long minimum, @Nullable String stale) {
        GateSpec spec = GateSpec.of(gate, GateMode.ROLLBACK);
        return GateJson.with(
                new TallyFacts(tally, GateSettings.DEFAULTS, Control.NONE, false, 1_000, minimum, peaks, stale)
                        .of(spec),
                spec);
    }

    private void freeze(long p99, long median) {
        tally.freeze(WayIn.HTTP, new Thresholds(2_000, median, p99, 0, 0, START));
    }

    private void legacy(int count, State state) {
        for (int i = 0; i < count; i++) {
            add(false, state, START, 10_000);
        }
    }

    private void temporal(int count, State state) {
        for (int i = 0; i < count; i++) {
            add(true, state, START, 10_000);
        }
    }

    private void add(boolean temporal, State state, Instant at, long micros) {
        Instant committed = state == State.STORED ? at.plus(Duration.ofNanos(micros * 1_000)) : null;
        tally.add(row(temporal, state, at, committed), at);
    }

    private GateRow row(boolean temporal, State state, Instant at, @Nullable Instant committed) {
        items++;
        return new GateRow(
                items,
                items,
                temporal,
                temporal,
                temporal ? 500 : 5_000,
                1_000,
                1,
                "FLAG",
                WayIn.HTTP,
                state,
                at,
                committed,
                1);
    }
}
