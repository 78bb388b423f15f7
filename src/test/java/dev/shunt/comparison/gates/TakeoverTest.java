package dev.shunt.comparison.gates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateMode;
import dev.shunt.comparison.GateQuestion;
import dev.shunt.comparison.GateSpec;
import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
import dev.shunt.store.GateRecords;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One instance goes on with what another one has counted. */
class TakeoverTest {

    private static final GateLedger LEDGER = new GateLedger();
    private static final List<String> EVIDENCE = List.of(
            GateSpec.ERRORS, GateSpec.TAIL, GateSpec.BULK, GateSpec.COMPLETION, GateSpec.P95, "activityFailures");
    private static int rollouts;

    private final JdbcClient sql = LEDGER.sql;
    private final GateRecords records = LEDGER.records;
    private final Instant start = Instant.now().minusSeconds(100);
    private final String rollout = "t" + ++rollouts;
    private final List<String> open = new ArrayList<>();
    private int items;

    @BeforeEach
    void empty() {
        LEDGER.empty();
        LEDGER.time = start;
        sql.sql("""
                insert into ledger (accepted_on, workload, item_key, project_id, subject, state, way_in, decided_route,
                    executed_route, reason, bucket, basis_points, epoch, accepted_at, committed_at, attempts)
                select (:at at time zone 'UTC')::date, 'trace', 'p:before' || i, 'p', 'before' || i, 'DONE', 'HTTP',
                    'LEGACY', 'LEGACY', 'FLAG', 5000, 1000, 7, :at::timestamptz - i * interval '10 us', :at, 1
                from generate_series(1, 2000) i
                """)
                .param("at", start.minusSeconds(300).atOffset(ZoneOffset.UTC))
                .update();
    }

    @RepeatedTest(3)
    void whoever_takes_over_and_whenever_the_counts_are_those_of_one_reader(RepetitionInfo repetition) {
        var random = new Random(repetition.getCurrentRepetition());
        LedgerGates leader = gates(true);
        LedgerGates follower = gates(false);
        for (int step = 0; step < 25; step++) {
            switch (random.nextInt(5)) {
                case 0 -> leader = gates(true);
                case 1 -> follower.evaluate(question(rollout));
                case 2 -> follower = gates(false);
                default -> store(random);
            }
            LEDGER.time = LEDGER.time.plusSeconds(random.nextInt(40)); // it is kept once a minute
            leader.evaluate(question(rollout));
        }
        sql.sql("insert into open_mark (workload, copied_until) values ('trace', clock_timestamp() + interval '1 min')"
                        + " on conflict (workload) do update set copied_until = excluded.copied_until")
                .update();
        LEDGER.time = LEDGER.time.plusSeconds(61);
        gates(true).evaluate(question(rollout));
        gates(true).evaluate(question("whole" + rollout));
        assertThat(counted(rollout)).isEqualTo(counted("whole" + rollout));
        assertThat(counted(rollout).get("counts")).asString().contains("temporal_dead", "missed");
    }

    @Test
    void two_deaths_on_temporal_stay_two_however_often_others_ask() {
        LedgerGates leader = gates(true);
        leader.evaluate(question(rollout));
        row("a", "a", "DEAD", 500, 0, 5);
        row("b", "b", "DEAD", 500, 0, 5);
        for (int look = 0; look < 4; look++) {
            LEDGER.time = LEDGER.time.plusSeconds(61);
            leader.evaluate(question(rollout));
            GateFinding finding =
                    gates(false).evaluate(question(rollout)).findings().getFirst();
            assertThat(finding.words()).contains("2 of 2 items died on Temporal");
        }
    }

    @Test
    void who_does_not_lead_never_writes_over_what_the_leader_kept() {
        row("a", "a", "DONE", 500, 10, 5);
        gates(true).evaluate(question(rollout));
        String kept = records.evidence(rollout, null).orElseThrow();
        row("b", "b", "DONE", 500, 10, 5);
        LEDGER.time = LEDGER.time.plusSeconds(300);
        gates(false).evaluate(question(rollout));
        assertThat(records.evidence(rollout, null)).hasValue(kept);
        gates(true).evaluate(question(rollout));
        String further = records.evidence(rollout, null).orElseThrow();
        assertThat(further).isNotEqualTo(kept);
    }

    @Test
    void who_was_frozen_writes_over_nothing_however_far_it_had_read() {
        LedgerGates frozen = gates(true);
        frozen.evaluate(question(rollout));
        Instant read = cursor();
        LEDGER.time = LEDGER.time.plusSeconds(61);
        gates(true).evaluate(question(rollout));
        Instant meanwhile = cursor();
        Instant further = meanwhile.plusSeconds(5);
        String late = "{\"cursor\": \"" + further + "\"}";

        assertThat(records.keepEvidence(GateLedger.TRACE, rollout, read, late)).isFalse();
        assertThat(records.keepEvidence(GateLedger.TRACE, rollout, null, late)).isFalse();
        assertThat(cursor()).isEqualTo(meanwhile);
        assertThat(records.evidence(rollout, meanwhile)).isEmpty();
        assertThat(records.keepEvidence(GateLedger.TRACE, rollout, meanwhile, late))
                .isTrue();
        assertThat(cursor()).isEqualTo(further);
    }

    private Instant cursor() {
        return Instant.parse(LEDGER.kept(rollout).text("cursor", ""));
    }

    private void store(Random random) {
        for (int i = random.nextInt(4); i >= 0; i--) {
            int bucket = random.nextInt(4) == 0 ? 500 : 5_000;
            int lateness = random.nextInt(3) == 0 ? random.nextInt(80) : 0; // commits long after the time in its row
            String name = "i" + ++items;
            switch (random.nextInt(4)) {
                case 0 -> row(name, name, "DEAD", bucket, lateness, 30);
                case 1 -> row(name, "heavy" + bucket, "DEAD", bucket, lateness, 30);
                case 2 -> {
                    row(name, name, "OPEN", bucket, 0, 95);
                    open.add(name);
                }
                default -> row(name, name, "DONE", bucket, lateness, random.nextInt(2));
            }
        }
        if (!open.isEmpty() && random.nextBoolean()) {
            sql.sql("update ledger set state = 'DONE', committed_at = clock_timestamp(), attempts = 2"
                            + " where item_key = 'p:' || ?")
                    .param(open.remove(random.nextInt(open.size())))
                    .update();
        }
        if (random.nextBoolean()) {
            sql.sql(
                            "insert into open_mark (workload, copied_until) values ('trace', clock_timestamp() - interval '20 s')"
                                    + " on conflict (workload) do update set copied_until = excluded.copied_until")
                    .update();
        }
    }

    private void row(String item, String subject, String state, int bucket, int ago, int took) {
        LEDGER.row(item, subject, state, bucket, 1_000, ago, took, start);
    }

    /** Counts, and of the evidence how often which chance was hit and missed. */
    private Map<String, Object> counted(String of) {
        Facts kept = LEDGER.kept(of);
        Map<String, Object> counted = new HashMap<>();
        counted.put("counts", new TreeMap<>(GateJson.map(kept.values().get("counts"))).toString());
        counted.put("split", kept.triples("split"));
        counted.put("phaseKeys", kept.values().get("phaseKeys"));
        for (String gate : EVIDENCE) {
            Map<Double, List<Double>> cells = new TreeMap<>();
            kept.blocks(gate)
                    .forEach(block -> block.forEach(cell -> cells.merge(
                            cell.get(0),
                            cell.subList(1, 3),
                            (one, other) -> List.of(one.get(0) + other.get(0), one.get(1) + other.get(1)))));
            counted.put(gate, cells);
        }
        return counted;
    }

    private static LedgerGates gates(boolean leads) {
        return LEDGER.gates(() -> leads);
    }

    private GateQuestion question(String of) {
        return new GateQuestion(
                GateLedger.TRACE,
                of,
                start,
                "10 %",
                start,
                new Percentage(1_000),
                Percentage.ZERO,
                new Epoch(7),
                1,
                List.of(
                        GateSpec.of(GateSpec.ERRORS, GateMode.ROLLBACK),
                        GateSpec.of(GateSpec.TAIL, GateMode.ROLLBACK)));
    }
}
