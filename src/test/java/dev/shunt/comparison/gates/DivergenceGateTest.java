package dev.shunt.comparison.gates;

import static dev.shunt.comparison.GateOutcome.FAIL;
import static dev.shunt.comparison.GateOutcome.INCONCLUSIVE;
import static dev.shunt.comparison.GateOutcome.NO_DATA;
import static dev.shunt.comparison.GateOutcome.PASS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateMode;
import dev.shunt.comparison.GateSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the gate divergence makes of what both mechanisms compared. */
class DivergenceGateTest {

    private static final GateSpec GATE = GateSpec.of(GateSpec.DIVERGENCE, GateMode.ROLLBACK);

    @Test
    void each_mechanism_is_judged_by_its_own_items_and_the_larger_one_passes_it() {
        GateFinding finding = judge(facts(11_000, 3, 0, 9_000, 4));

        assertThat(finding.outcome()).as(finding.words()).isEqualTo(PASS);
        assertThat(finding.words()).contains("3 of 11,000 shadow pairs differ");
        assertThat(finding.temporalItems()).isEqualTo(11_000);
        assertThat(judge(facts(100, 1, 0, 9_000, 0)).words())
                .contains("0 of 9,000 items on Temporal that were verified against their input differ");
    }

    @Test
    void both_below_the_limit_never_make_a_fail_together() {
        // 0.07 % each, and 0.14 % of the larger number if they are put together
        long n = 1_000_000;
        assertThat(judge(facts(n, 700, 0, n, 700)).outcome()).isEqualTo(PASS);
        assertThat(judge(old(n, 1_400)).outcome()).as("as it was").isEqualTo(FAIL);
    }

    @Test
    void either_fails_it_with_half_of_the_chance() {
        GateFinding bySmaller = judge(facts(50_000, 0, 0, 1_000, 12));
        assertThat(bySmaller.outcome()).as(bySmaller.words()).isEqualTo(FAIL);
        assertThat(bySmaller.words()).contains("12 of 1,000 items on Temporal");
        assertThat(judge(facts(1_000, 12, 0, 50_000, 0)).words()).contains("12 of 1,000 shadow pairs");
        long differing = 1;
        while (judge(old(1_000, differing)).outcome() != FAIL) {
            differing++;
        }
        Facts just = facts(0, 0, 0, 1_000, differing);
        assertThat(DivergenceJudge.log(GATE, just))
                .isEqualTo(DivergenceJudge.log(GATE, old(1_000, differing)) - Math.log(2), within());
    }

    @Test
    void it_does_not_pass_by_one_mechanism_while_the_other_speaks_against_it() {
        GateFinding finding = judge(facts(50_000, 0, 0, 1_000, 7));
        assertThat(finding.outcome()).as(finding.words()).isEqualTo(INCONCLUSIVE);
        assertThat(finding.words())
                .contains("7 of 1,000 items on Temporal that were verified", "evidence 204 to 1, 1,000 to 1 is enough");

        long needed = finding.itemsNeeded().orElseThrow();
        assertThat(judge(facts(50_000, 0, 0, 1_000 + needed - 1, 7)).outcome()).isEqualTo(INCONCLUSIVE);
        assertThat(judge(facts(50_000, 0, 0, 1_000 + needed, 7)).outcome()).isEqualTo(PASS);
    }

    @Test
    void what_differs_and_was_not_compared_holds_it_up_and_proves_nothing() {
        assertThat(judge(facts(0, 0, 0, 5_000, 0)).outcome()).isEqualTo(PASS);
        GateFinding finding = judge(facts(0, 0, 0, 5_000, 0).with("otherDifferingVerified", 50));
        assertThat(finding.outcome()).as(finding.words()).isEqualTo(INCONCLUSIVE);
        assertThat(finding.words())
                .contains("0 of 5,000 items on Temporal", "differ and 50 more do that are not among them: at most 1.");
    }

    @Test
    void a_comparator_that_does_not_verify_keeps_it_from_passing_only() {
        assertThat(judge(facts(0, 0, 0, 5_000, 0).with("comparatorStale", "it sleeps"))
                        .outcome())
                .isEqualTo(NO_DATA);
        assertThat(judge(facts(0, 0, 0, 1_000, 50).with("comparatorStale", "it sleeps"))
                        .outcome())
                .isEqualTo(FAIL);
    }

    @Test
    void pairs_without_a_result_may_differ() {
        assertThat(judge(facts(3_000, 0, 0, 0, 0)).outcome()).isEqualTo(PASS);
        GateFinding late = judge(facts(3_000, 0, 400, 0, 0));
        assertThat(late.outcome()).isEqualTo(INCONCLUSIVE);
        assertThat(late.words()).contains("400 more were late or failed, which may differ: at most 12.");
        GateFinding few = judge(facts(20_000, 0, 11, 0, 0));
        assertThat(few.outcome()).as(few.words()).isEqualTo(PASS);
        GateFinding needed = judge(facts(3_000, 0, 1, 0, 0));
        assertThat(needed.itemsNeeded()).isPresent();
        assertThat(judge(facts(3_000 + needed.itemsNeeded().getAsLong(), 0, 1, 0, 0))
                        .outcome())
                .isEqualTo(PASS);
    }

    @Test
    void what_is_no_items_holds_it_up_and_says_what_to_do() {
        Facts facts = facts(5_000, 0, 0, 0, 0)
                .with("ofNoItem", 14)
                .with("groups", "SUMMARY at summaries[].spans (12), EXTRA at traces[] (2)");
        GateFinding finding = judge(facts);

        assertThat(finding.outcome()).isEqualTo(INCONCLUSIVE);
        assertThat(finding.words())
                .contains("14 divergences that belong to no item")
                .contains("SUMMARY at summaries[].spans (12)", "accepted with a reason", "hidden by a rule");
    }

    @Test
    void verdicts_come_out_the_same_those_kept_before_too() {
        List<GateFinding> findings = List.of(
                judge(facts(11_000, 3, 2, 9_000, 4).with("ofNoItem", 1).with("groups", "SUMMARY at summaries[] (1)")));
        assertThat(Recomputation.of("INCONCLUSIVE", GateJson.findings(findings)).differences())
                .isEmpty();
        assertThat(Recomputation.of("INCONCLUSIVE", KEPT_BEFORE).differences()).isEmpty();
        assertThat(Recomputation.of("PASS", KEPT_UNDER_SUSPICION).differences()).isEmpty();
        assertThat(Recomputation.of("NO_DATA", KEPT_STALE).differences()).isEmpty();
        assertThat(Recomputation.of("INCONCLUSIVE", KEPT_BEFORE.replace("\"differing\":1", "\"differing\":2"))
                        .differences())
                .isNotEmpty();
    }

    /** By the release before. */
    private static final String KEPT_BEFORE = """
            [{"gate":"divergence","mode":"ROLLBACK","outcome":"INCONCLUSIVE",\
            "words":"1 of 1,000 shadow pairs differ: at most 0.473 % can (95 %), allowed are 0.1 %, 3,742 more without a \
            difference needed.","legacyItems":0,"temporalItems":1000,"effect":{"what":"share of compared items that \
            differ","value":0.001,"low":5.1291978908962754E-5,"high":0.004734993575499777},"itemsNeeded":3742,\
            "inputs":{"alpha":0.001,"peak":0.0,"minimum":0,"items":0,"compared":1000,"differing":1,\
            "basis":"shadow pairs"}}]""";

    /** By a release that passed while the other mechanism spoke against it. */
    private static final String KEPT_UNDER_SUSPICION = """
            [{"gate":"divergence","mode":"ROLLBACK","outcome":"PASS","words":"0 of 50,000 shadow pairs differ: at most \
            0.00599 % can (95 %), allowed are 0.1 %.","legacyItems":0,"temporalItems":50000,\
            "effect":{"what":"share of compared items that differ","value":0.0,"low":0.0,"high":5.991285096391593E-5},\
            "itemsNeeded":null,"inputs":{"alpha":0.001,"peak":0.0,"minimum":0,"items":0,"pairs":50000,"differingPairs":0,\
            "pairsWithoutResult":0,"verified":1000,"differingVerified":7,"ofNoItem":0}}]""";

    /** By the same release, which said nothing while the comparator did not verify. */
    private static final String KEPT_STALE = """
            [{"gate":"divergence","mode":"ROLLBACK","outcome":"NO_DATA","words":"No data: it sleeps.","legacyItems":0,\
            "temporalItems":0,"effect":null,"itemsNeeded":null,"inputs":{"alpha":0.001,"peak":0.0,"minimum":0,"items":0,\
            "pairs":0,"differingPairs":0,"pairsWithoutResult":0,"verified":1000,"differingVerified":50,"ofNoItem":0,\
            "stale":"it sleeps"}}]""";

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.data.Offset.offset(1e-9);
    }

    private static GateFinding judge(Facts facts) {
        return Judges.judge(GATE, facts);
    }

    private static Facts common() {
        return new Facts()
                .with("alpha", 0.001)
                .with("peak", 0.0)
                .with("minimum", 0)
                .with("items", 0);
    }

    private static Facts facts(long pairs, long differing, long without, long verified, long differingVerified) {
        return common().with("pairs", pairs)
                .with("differingPairs", differing)
                .with("pairsWithoutResult", without)
                .with("verified", verified)
                .with("differingVerified", differingVerified)
                .with("otherDifferingVerified", 0);
    }

    private static Facts old(long compared, long differing) {
        return common().with("compared", compared).with("differing", differing).with("basis", "shadow pairs");
    }
}
