package dev.shunt.comparison.gates;

import static dev.shunt.comparison.GateOutcome.INCONCLUSIVE;
import static dev.shunt.comparison.GateOutcome.PASS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateMode;
import dev.shunt.comparison.GateQuestion;
import dev.shunt.comparison.GateSpec;
import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
import dev.shunt.core.WayIn;
import dev.shunt.store.GateRow;
import dev.shunt.store.GateRow.State;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the gate split counts, over the phases of a rollout and whatever people do to the percentage. */
class SplitTest {

    private static final Instant START = Instant.parse("2026-11-22T08:00:00Z");
    private static final Instant LATER = START.plusSeconds(7 * 86_400);
    private static final GateSpec SPLIT = GateSpec.of(GateSpec.SPLIT, GateMode.HOLD);

    private Tally tally = new Tally(Control.NONE.terms(START, false, List.of(SPLIT)));
    private long items;

    @Test
    void buckets_that_all_spoke_in_a_phase_are_counted_in_the_next_one_but_are_no_evidence_twice() {
        keys(0, 10_000, 1_000, START);
        assertThat(judge(1_000).outcome()).isEqualTo(PASS);

        fifty();
        keys(4_500, 5_500, 5_000, LATER);

        assertThat(counted(5_000)).isEqualTo(1_000);
        GateFinding finding = judge(5_000);
        assertThat(finding.outcome()).as(finding.words()).isEqualTo(PASS);
        assertThat(finding.words()).contains("500 of 1,000 keys are on Temporal");
        assertThat(tally.split.cells()).containsExactly(List.of(1_000.0, 1_000.0, 9_000.0));
        keys(4_500, 5_500, 5_000, LATER);
        assertThat(counted(5_000)).as("a key counts once in a phase").isEqualTo(1_000);

        tally.begin(Control.NONE.terms(LATER, true, List.of(SPLIT)));
        assertThat(judge(10_000).outcome()).isEqualTo(INCONCLUSIVE);
        keys(0, 1_000, 10_000, LATER);
        assertThat(judge(10_000).outcome()).isEqualTo(PASS);
    }

    @Test
    void after_a_million_traces_keys_are_counted_and_evidence_goes_on() {
        tally.freeze(WayIn.HTTP, new Thresholds(2_000, 5_000, 100_000, 0, 0, START));
        keys(0, 1_000_000, 1_000, START);
        assertThat(tally.bulk.trials()).isEqualTo(1_000_000);

        fifty();
        tally.freeze(WayIn.HTTP, new Thresholds(2_000, 5_000, 100_000, 0, 0, LATER));
        keys(2_000_000, 2_001_000, 5_000, LATER);

        assertThat(counted(5_000)).isEqualTo(1_000);
        assertThat(judge(5_000).outcome()).isEqualTo(PASS);
        assertThat(tally.split.cells()).contains(List.of(5_000.0, 500.0, 500.0));
        assertThat(tally.bulk.trials()).isEqualTo(1_001_000);
    }

    @Test
    void what_comes_while_the_percentage_is_lowered_by_hand_is_judged_by_that_and_the_phase_goes_on_after() {
        fifty();
        keys(4_850, 5_150, 5_000, LATER);
        keys(0, 30, 1_000, LATER);
        keys(9_000, 9_270, 1_000, LATER);
        keys(100, 200, 0, LATER);
        assertThat(judge(1_000).words()).contains("30 of 300 keys are on Temporal");
        keys(4_700, 4_850, 5_000, LATER);
        keys(5_150, 5_300, 5_000, LATER);

        GateFinding finding = judge(5_000);
        assertThat(finding.outcome()).as(finding.words()).isEqualTo(PASS);
        assertThat(finding.words()).contains("300 of 600 keys are on Temporal");
    }

    @Test
    void an_uneven_share_of_many_keys_says_how_many_more_would_even_it() {
        fifty();
        keys(4_682, 5_282, 5_000, LATER);

        GateFinding finding = judge(5_000);
        assertThat(finding.outcome()).isEqualTo(INCONCLUSIVE);
        assertThat(finding.words()).contains("318 of 600 keys", "too few to tell, about");
        assertThat(finding.itemsNeeded().orElse(0)).isBetween(50L, 300L);
    }

    @Test
    void where_there_are_few_keys_it_says_that_it_may_never_pass() {
        fifty();
        keys(4_900, 5_100, 5_000, LATER);
        assertThat(judge(5_000).words()).doesNotContain("counts once");
        for (int again = 0; again < 20; again++) {
            keys(4_900, 5_100, 5_000, LATER);
        }

        GateFinding finding = judge(5_000);
        assertThat(finding.outcome()).isEqualTo(INCONCLUSIVE);
        assertThat(finding.words())
                .contains(
                        "100 of 200 keys",
                        "these had 4,200 items",
                        "if there are fewer than 381 keys, this gate passes only with a wider limit in the plan");
    }

    @Test
    void keys_of_a_phase_are_kept_for_whoever_takes_over_and_are_little() {
        keys(0, 10_000, 1_000, START);
        fifty();
        keys(0, 10_000, 5_000, LATER);
        String kept = GateJson.write(tally.values());
        assertThat(kept).hasSizeLessThan(45_000);

        tally = new Tally(tally.terms(), new Facts(GateJson.read(kept)));
        keys(0, 10_000, 5_000, LATER);

        assertThat(counted(5_000)).isEqualTo(10_000);
        assertThat(tally.phaseKeys().at(5_000).items()).isEqualTo(20_000);
    }

    @Test
    void of_many_percentages_in_a_phase_the_latest_are_remembered() {
        for (int basisPoints = 100; basisPoints <= 2_000; basisPoints += 100) {
            keys(0, 10, basisPoints, START);
            keys(0, 10, 1_000, START);
        }
        assertThat(counted(1_000)).isEqualTo(10);
        assertThat(counted(2_000)).isEqualTo(10);
        assertThat(counted(100)).isZero();
    }

    @Test
    void evidence_of_a_build_before_is_gone_on_from_in_the_first_phase_and_counted_anew_in_another() {
        keys(4_900, 5_100, 5_000, START);
        Map<String, Object> before = tally.values();
        before.remove("phaseKeys");
        before.put("counts", Map.of("keys_legacy", 100, "keys_temporal", 100));
        Facts first = new Facts(GateJson.read(GateJson.write(before)));
        tally = new Tally(tally.terms(), first);
        keys(4_950, 5_150, 5_000, START);
        assertThat(counted(5_000)).isEqualTo(250);

        before.put("counts", Map.of("keys_legacy", 3, "keys_temporal", 4));
        tally = new Tally(tally.terms(), new Facts(GateJson.read(GateJson.write(before))));
        keys(4_950, 5_150, 5_000, START);
        assertThat(counted(5_000)).isEqualTo(200);
    }

    @Test
    void with_users_as_keys_it_passes_in_each_phase() {
        var ledger = new GateLedger();
        ledger.empty();
        Instant start = Instant.now().minusSeconds(100);
        ledger.time = start;
        LedgerGates gates = ledger.gates("user", () -> true);
        users(ledger, 1_000);
        ledger.sql
                .sql(
                        "insert into open_mark (workload, copied_until) values ('trace', clock_timestamp() + interval '1 h')")
                .update();
        assertThat(evaluate(gates, start, "10 %", start, 1_000).outcome()).isEqualTo(PASS);

        Instant fifty = Instant.now();
        GateFinding early = evaluate(gates, start, "50 %", fifty, 5_000);
        assertThat(early.outcome()).as(early.words()).isEqualTo(INCONCLUSIVE);
        users(ledger, 5_000);
        GateFinding finding = evaluate(gates, start, "50 %", fifty, 5_000);
        assertThat(finding.outcome()).as(finding.words()).isEqualTo(PASS);
        assertThat(finding.words()).contains("1,000 of 2,000 keys are on Temporal");
    }

    private static GateFinding evaluate(
            LedgerGates gates, Instant start, String phase, Instant phaseStart, int basisPoints) {
        return gates.evaluate(new GateQuestion(
                        GateLedger.TRACE,
                        "users",
                        start,
                        phase,
                        phaseStart,
                        new Percentage(basisPoints),
                        Percentage.ZERO,
                        new Epoch(7),
                        1,
                        List.of(SPLIT)))
                .findings()
                .getFirst();
    }

    /** An item of each of the same 2,000 users, every fifth bucket. */
    private static void users(GateLedger ledger, int basisPoints) {
        ledger.sql
                .sql("""
                insert into ledger (accepted_on, workload, item_key, project_id, subject, state, way_in, decided_route,
                    executed_route, reason, bucket, basis_points, epoch, accepted_at, committed_at, attempts, changed_at)
                select (:at at time zone 'UTC')::date, 'trace', 'p:' || :points || '-' || b, 'p', :points || '-' || b,
                    'DONE', 'HTTP', r, r, 'FLAG', b, :points, 7, :at, clock_timestamp(), 1, clock_timestamp()
                from (select b, case when b < :points then 'TEMPORAL' else 'LEGACY' end as r
                    from generate_series(0, 9999, 5) b) t
                """)
                .param("at", Instant.now().atOffset(ZoneOffset.UTC))
                .param("points", basisPoints)
                .update();
    }

    private void fifty() {
        tally.begin(Control.NONE.terms(LATER, false, List.of(SPLIT)));
    }

    /** An item of each key {@code from <= key < to}, in its bucket. */
    private void keys(int from, int to, int basisPoints, Instant at) {
        for (int key = from; key < to; key++) {
            int bucket = key % 10_000;
            // beyond the buckets: as many on either side
            int shown = key < 2_000_000 ? bucket : key % 2 == 0 ? 100 : 9_900;
            boolean temporal = shown < basisPoints;
            tally.add(
                    new GateRow(
                            ++items,
                            key,
                            temporal,
                            temporal,
                            shown,
                            basisPoints,
                            1,
                            "FLAG",
                            WayIn.HTTP,
                            State.STORED,
                            at,
                            at.plusMillis(10),
                            1),
                    at);
            if (key % 100_000 == 0) {
                tally.splitUntil(Instant.MAX);
            }
        }
        tally.splitUntil(Instant.MAX);
    }

    private long counted(int basisPoints) {
        PhaseKeys.Share share = tally.phaseKeys().at(basisPoints);
        return share.legacy() + share.temporal();
    }

    private GateFinding judge(int basisPoints) {
        var facts = new TallyFacts(tally, GateSettings.DEFAULTS, Control.NONE, false, basisPoints, 0, Map.of(), null);
        return Judges.judge(SPLIT, GateJson.with(facts.of(SPLIT), SPLIT));
    }
}
