package dev.shunt.comparison.gates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateMode;
import dev.shunt.comparison.GateQuestion;
import dev.shunt.comparison.GateSpec;
import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.core.WorkloadSettings;
import dev.shunt.embedded.TestBackends;
import dev.shunt.store.GateDoubts;
import dev.shunt.store.GateReads;
import dev.shunt.store.GateRecords;
import dev.shunt.store.LedgerReports;
import dev.shunt.store.WatchPasses;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One instance goes on with what another one has counted. */
class TakeoverTest {

    private static final Workload TRACE = new Workload("trace");
    private static final DataSource DATABASE = TestBackends.migratedDatabase();
    private static final List<String> EVIDENCE = List.of(
            GateSpec.ERRORS, GateSpec.TAIL, GateSpec.BULK, GateSpec.COMPLETION, GateSpec.P95, "activityFailures");
    private static int rollouts;

    private final JdbcClient sql = JdbcClient.create(DATABASE);
    private final GateRecords records = new GateRecords(DATABASE);
    private final Instant start = Instant.now().minusSeconds(100);
    private final String rollout = "t" + ++rollouts;
    private final List<String> open = new ArrayList<>();
    private Instant time = start;
    private int items;

    @BeforeEach
    void empty() {
        sql.sql("truncate ledger, gate_verdict, gate_evidence, gate_baseline, open_mark")
                .update();
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
            time = time.plusSeconds(random.nextInt(40)); // it is kept once a minute
            leader.evaluate(question(rollout));
        }
        sql.sql("insert into open_mark (workload, copied_until) values ('trace', clock_timestamp() + interval '1 min')"
                        + " on conflict (workload) do update set copied_until = excluded.copied_until")
                .update();
        time = time.plusSeconds(61);
        gates(true).evaluate(question(rollout));
        gates(true).evaluate(question("whole" + rollout));
        assertThat(counted(rollout)).isEqualTo(counted("whole" + rollout));
        assertThat(counted(rollout).get("counts")).asString().contains("temporal_dead", "missed", "keys_temporal");
    }

    @Test
    void two_deaths_on_temporal_stay_two_however_often_others_ask() {
        LedgerGates leader = gates(true);
        leader.evaluate(question(rollout));
        row("a", "a", "DEAD", 500, 0, 5);
        row("b", "b", "DEAD", 500, 0, 5);
        for (int look = 0; look < 4; look++) {
            time = time.plusSeconds(61);
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
        String kept = records.evidence(rollout).orElseThrow();
        row("b", "b", "DONE", 500, 10, 5);
        time = time.plusSeconds(300);
        gates(false).evaluate(question(rollout));
        assertThat(records.evidence(rollout)).hasValue(kept);
        gates(true).evaluate(question(rollout));
        String further = records.evidence(rollout).orElseThrow();
        assertThat(further).isNotEqualTo(kept);
        assertThat(records.keepEvidence(TRACE, rollout, start, "{\"cursor\": \"" + start + "\"}"))
                .as("less far, by one who was frozen")
                .isFalse();
        assertThat(records.evidence(rollout)).hasValue(further);
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

    /**
     * @param ago seconds since it was stored or died
     * @param took seconds from acceptance to that, or to now
     */
    private void row(String item, String subject, String state, int bucket, int ago, int took) {
        sql.sql("""
                insert into ledger (accepted_on, workload, item_key, project_id, subject, state, way_in, decided_route,
                    executed_route, reason, bucket, basis_points, epoch, accepted_at, committed_at, attempts, changed_at)
                select (accepted at time zone 'UTC')::date, 'trace', 'p:' || :item, 'p', :subject, :state, 'HTTP',
                    :route, :route, 'FLAG', :bucket, 1000, 7, accepted,
                    case when :state = 'DONE' then settled end, 1, settled
                from (select settled, greatest(settled - :took * interval '1 s', :start::timestamptz) as accepted
                    from (select clock_timestamp() - :ago * interval '1 s' as settled) s) t
                """)
                .param("item", item)
                .param("subject", subject)
                .param("state", state)
                .param("route", bucket < 1_000 ? "TEMPORAL" : "LEGACY")
                .param("bucket", bucket)
                .param("ago", ago)
                .param("took", took)
                .param("start", start.atOffset(ZoneOffset.UTC))
                .update();
    }

    /** Counts, and of the evidence how often which chance was hit and missed. */
    private Map<String, Object> counted(String of) {
        var kept = new Facts(GateJson.read(records.evidence(of).orElseThrow()));
        Map<String, Object> counted = new HashMap<>();
        counted.put("counts", new TreeMap<>(GateJson.map(kept.values().get("counts"))).toString());
        counted.put("split", kept.triples("split"));
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

    private LedgerGates gates(boolean leads) {
        var settings = new WorkloadSettings("cognobserve:traces", "cognobserve:dlq", "f", "trace", "shunt-trace");
        return new LedgerGates(
                new GateReads(DATABASE),
                new GateDoubts(DATABASE),
                new WatchPasses(DATABASE),
                new LedgerReports(DATABASE),
                records,
                new VerdictBook(records),
                new WorkloadCatalog(Map.of(TRACE, settings)),
                GateSettings.DEFAULTS,
                false,
                () -> leads,
                new Clock() {
                    @Override
                    public java.time.ZoneId getZone() {
                        return ZoneOffset.UTC;
                    }

                    @Override
                    public Clock withZone(java.time.ZoneId zone) {
                        return this;
                    }

                    @Override
                    public Instant instant() {
                        return time;
                    }
                });
    }

    private GateQuestion question(String of) {
        return new GateQuestion(
                TRACE,
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
