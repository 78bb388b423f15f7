package dev.shunt.comparison.gates;

import static dev.shunt.comparison.GateOutcome.FAIL;
import static dev.shunt.comparison.GateOutcome.INCONCLUSIVE;
import static dev.shunt.comparison.GateOutcome.NO_DATA;
import static dev.shunt.comparison.GateOutcome.PASS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateMode;
import dev.shunt.comparison.GateQuestion;
import dev.shunt.comparison.GateSpec;
import dev.shunt.comparison.Verdict;
import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
import dev.shunt.core.Reason;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.core.WorkloadSettings;
import dev.shunt.embedded.TestBackends;
import dev.shunt.store.GateDoubts;
import dev.shunt.store.GateReads;
import dev.shunt.store.GateRecords;
import dev.shunt.store.GateRecords.Kept;
import dev.shunt.store.LedgerReports;
import dev.shunt.store.WatchPasses;
import dev.shunt.store.WatchPasses.Pass;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

class LedgerGatesTest {

    private static final Workload TRACE = new Workload("trace");
    private static final Percentage TEN = new Percentage(1_000);
    private static final Percentage NONE = Percentage.ZERO;
    private static final Breakable DATABASE = new Breakable(TestBackends.migratedDatabase());
    private static int rollouts;

    private final JdbcClient sql = JdbcClient.create(DATABASE);
    private final Instant start = Instant.now().minusSeconds(60);
    private final String rollout = "r" + ++rollouts;
    private VerdictBook book = new VerdictBook(new GateRecords(DATABASE));
    private boolean leads = true;
    private LedgerGates gates = gates();

    /** A database that can be taken away. */
    private static final class Breakable extends DelegatingDataSource {
        private volatile boolean broken;

        Breakable(DataSource whole) {
            super(whole);
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (broken) {
                throw new SQLException("the connection was refused", "08001");
            }
            return super.getConnection();
        }
    }

    @BeforeEach
    void empty() {
        DATABASE.broken = false;
        sql.sql(
                        "truncate ledger, gate_verdict, gate_evidence, gate_baseline, open_mark, divergence, shadow_minute, watch_pass")
                .update();
        for (Pass pass : Pass.values()) {
            new WatchPasses(DATABASE).passed(TRACE, pass, Duration.ofMinutes(1));
        }
    }

    @Test
    void what_dies_on_temporal_is_found_kept_and_made_again() {
        stored("a", 900, "LEGACY", "FLAG");
        stored("b", 100, "TEMPORAL", "FLAG");
        Verdict before = evaluate(GateSpec.ERRORS);
        assertThat(before.outcome()).isEqualTo(INCONCLUSIVE);
        assertThat(before.findings().getFirst().temporalItems()).isEqualTo(100);
        dead("c", 5);
        Verdict after = evaluate(GateSpec.ERRORS);
        GateFinding finding = after.findings().getFirst();
        assertThat(finding.outcome()).as(finding.words()).isEqualTo(FAIL);
        assertThat(finding.words()).contains("5 of 105 items died on Temporal", "0 of 900");
        book.write();
        Kept kept = new GateRecords(DATABASE).find(after.id()).orElseThrow();
        assertThat(Recomputation.of(kept.outcome(), kept.findings()).differences())
                .isEmpty();
        gates = gates();
        book = new VerdictBook(new GateRecords(DATABASE));
        gates = gates();
        assertThat(gates.recorded(after.id()).findings().getFirst().words()).isEqualTo(finding.words());
        assertThat(gates.latest(rollout).orElseThrow().id()).isEqualTo(after.id());
        assertThatThrownBy(() -> gates.recorded("other")).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void an_item_is_counted_once_however_often_it_is_read() {
        stored("a", 50, "LEGACY", "FLAG");
        for (int look = 0; look < 3; look++) {
            assertThat(evaluate(GateSpec.ERRORS).findings().getFirst().legacyItems())
                    .isEqualTo(50);
        }
        sql.sql("update ledger set duplicates = 1, changed_at = clock_timestamp()")
                .update();
        stored("b", 1, "LEGACY", "FLAG");
        assertThat(evaluate(GateSpec.ERRORS).findings().getFirst().legacyItems())
                .isEqualTo(51);
    }

    @Test
    void pins_replays_and_items_of_before_the_rollout_are_left_out() {
        stored("a", 10, "LEGACY", "FLAG");
        stored("b", 10, "TEMPORAL", "PINNED");
        stored("c", 10, "TEMPORAL", "REPLAY");
        sql.sql("update ledger set accepted_at = accepted_at - interval '1 hour' where item_key like 'p:a%'")
                .update();
        GateFinding finding = evaluate(GateSpec.ERRORS).findings().getFirst();
        assertThat(finding.legacyItems()).isZero();
        assertThat(finding.temporalItems()).isZero();
    }

    @Test
    void another_instance_goes_on_with_the_evidence_and_a_fail_stays() {
        stored("a", 900, "LEGACY", "FLAG");
        stored("b", 96, "TEMPORAL", "FLAG");
        dead("c", 5);
        assertThat(evaluate(GateSpec.ERRORS).outcome()).isEqualTo(FAIL);
        book = new VerdictBook(new GateRecords(DATABASE));
        gates = gates();
        sql.sql("truncate ledger").update();
        stored("d", 1, "LEGACY", "FLAG");
        GateFinding finding = evaluate(GateSpec.ERRORS).findings().getFirst();
        assertThat(finding.outcome()).isEqualTo(FAIL);
        assertThat(finding.legacyItems()).isEqualTo(901);
    }

    @Test
    void without_a_database_every_gate_says_no_data_and_afterwards_it_goes_on() {
        stored("a", 20, "LEGACY", "FLAG");
        evaluate(GateSpec.ERRORS);
        DATABASE.broken = true;
        Verdict cut = evaluate(GateSpec.ERRORS);
        assertThat(cut.outcome()).isEqualTo(NO_DATA);
        assertThat(cut.findings().getFirst().words()).contains("the ledger cannot be read");
        book.write();
        DATABASE.broken = false;
        assertThat(evaluate(GateSpec.ERRORS).findings().getFirst().legacyItems())
                .isEqualTo(20);
        book.write();
        assertThat(new GateRecords(DATABASE).find(cut.id())).isPresent();
    }

    @Test
    void silence_is_no_data() {
        GateQuestion question = question(Instant.now().minusSeconds(600), GateSpec.ERRORS);
        GateFinding finding = gates.evaluate(question).findings().getFirst();
        assertThat(finding.outcome()).isEqualTo(NO_DATA);
        assertThat(finding.words()).contains("no item was recorded for 10 min");
    }

    @Test
    void thresholds_are_frozen_from_what_legacy_did_before() {
        fill("before", 2_500, "LEGACY", "FLAG", start.minusSeconds(600), 10);
        stored("a", 90, "LEGACY", "FLAG");
        stored("b", 10, "TEMPORAL", "FLAG");
        GateFinding finding = evaluate(GateSpec.TAIL).findings().getFirst();
        assertThat(finding.words()).contains("took longer than 10 ms");
        assertThat(finding.temporalItems()).isEqualTo(10);
        fill("after", 2_500, "LEGACY", "FLAG", start.minusSeconds(300), 50);
        gates = gates();
        assertThat(evaluate(GateSpec.TAIL).findings().getFirst().words()).contains("took longer than 10 ms");
    }

    @Test
    void too_little_legacy_makes_no_threshold() {
        stored("a", 90, "LEGACY", "FLAG");
        GateFinding finding = evaluate(GateSpec.BULK).findings().getFirst();
        assertThat(finding.outcome()).isEqualTo(INCONCLUSIVE);
        assertThat(finding.words()).contains("fewer than 2,000 items");
    }

    @Test
    void the_split_counts_keys_as_far_as_open_items_are_known() {
        stored("a", 900, "LEGACY", "FLAG");
        stored("b", 100, "TEMPORAL", "FLAG");
        assertThat(evaluate(GateSpec.SPLIT).findings().getFirst().legacyItems()).isZero();
        sql.sql("insert into open_mark (workload, copied_until) values ('trace', clock_timestamp())")
                .update();
        GateFinding finding = evaluate(GateSpec.SPLIT).findings().getFirst();
        assertThat(finding.outcome()).as(finding.words()).isEqualTo(PASS);
        assertThat(finding.words()).contains("100 of 1,000 keys are on Temporal");
    }

    @Test
    void equality_rests_on_verified_items_and_on_nobody_lagging_behind() {
        stored("b", 3_100, "TEMPORAL", "FLAG");
        sql.sql("update ledger set checked_at = clock_timestamp() - interval '10 seconds'")
                .update();
        GateFinding finding = evaluate(GateSpec.DIVERGENCE).findings().getFirst();
        assertThat(finding.outcome()).as(finding.words()).isEqualTo(PASS);
        gates = gates();
        sql.sql("update ledger set checked_at = null, committed_at = committed_at - interval '5 minutes'")
                .update();
        finding = evaluate(GateSpec.DIVERGENCE).findings().getFirst();
        assertThat(finding.outcome()).as(finding.words()).isEqualTo(NO_DATA);
    }

    @Test
    void what_differs_is_proven_for_the_rollout_though_the_comparator_stopped_verifying() {
        stored("b", 1_000, "TEMPORAL", "FLAG");
        sql.sql("update ledger set checked_at = clock_timestamp() - interval '10 seconds'")
                .update();
        new WatchPasses(DATABASE).passed(TRACE, Pass.CONSERVATION, Duration.ZERO);
        for (int i = 1; i <= 50; i++) {
            differs("p:b" + i);
        }
        GateFinding finding = evaluate(GateSpec.DIVERGENCE).findings().getFirst();
        assertThat(finding.outcome()).as(finding.words()).isEqualTo(FAIL);
        sql.sql("truncate divergence").update();
        gates = gates();
        finding = evaluate(GateSpec.DIVERGENCE).findings().getFirst();
        assertThat(finding.outcome()).as(finding.words()).isEqualTo(FAIL);
        assertThat(finding.words()).contains("stays so for this rollout");
    }

    @ParameterizedTest
    @EnumSource(names = {"PINNED", "REPLAY"})
    void what_people_chose_is_neither_compared_nor_found_to_differ(Reason reason) {
        stored("a", 10, "TEMPORAL", "FLAG");
        stored("b", 90, "TEMPORAL", reason.name());
        sql.sql("update ledger set checked_at = clock_timestamp() - interval '10 seconds'")
                .update();
        differs("p:a1");
        for (int i = 1; i <= 50; i++) {
            differs("p:b" + i);
        }
        GateFinding finding = evaluate(GateSpec.DIVERGENCE).findings().getFirst();
        assertThat(finding.outcome()).as(finding.words()).isEqualTo(INCONCLUSIVE);
        assertThat(finding.words()).contains("1 of 10 items on Temporal that were verified");

        gates = gates();
        sql.sql("update divergence set found_by = 'SHADOW', expected_route = 'LEGACY'")
                .update();
        sql.sql("""
                insert into shadow_minute (workload, minute, primary_route, shadow_route, mode, equal, differing, by_people)
                values ('trace', date_trunc('minute', clock_timestamp()), 'LEGACY', 'TEMPORAL', 'OTHER_ROUTE', 60, 40, 70)
                """).update();
        assertThat(evaluate(GateSpec.DIVERGENCE).findings().getFirst().words()).contains("1 of 30 shadow pairs differ");
    }

    private void differs(String key) {
        sql.sql("""
                insert into divergence (workload, kind, path, path_pattern, item_key, route, epoch, found_by)
                values ('trace', 'VALUE', 'name', 'name', ?, 'TEMPORAL', 7, 'RECONCILIATION')
                """).param(key).update();
    }

    private LedgerGates gates() {
        var settings = new WorkloadSettings("cognobserve:traces", "cognobserve:dlq", "f", "trace", "shunt-trace");
        return new LedgerGates(
                new GateReads(DATABASE),
                new GateDoubts(DATABASE),
                new WatchPasses(DATABASE),
                new LedgerReports(DATABASE),
                new GateRecords(DATABASE),
                book,
                new WorkloadCatalog(Map.of(TRACE, settings)),
                GateSettings.DEFAULTS,
                false,
                () -> leads,
                Clock.systemUTC());
    }

    private Verdict evaluate(String gate) {
        return gates.evaluate(question(start, gate));
    }

    private GateQuestion question(Instant from, String gate) {
        return new GateQuestion(
                TRACE,
                rollout,
                from,
                "10 %",
                from,
                TEN,
                NONE,
                new Epoch(7),
                50,
                List.of(GateSpec.of(gate, GateMode.ROLLBACK)));
    }

    private void stored(String prefix, int count, String route, String reason) {
        fill(prefix, count, route, reason, Instant.now(), 10);
    }

    private void fill(String prefix, int count, String route, String reason, Instant at, int millis) {
        sql.sql("""
                insert into ledger (accepted_on, workload, item_key, project_id, subject, state, way_in, decided_route,
                    executed_route, reason, bucket, basis_points, epoch, accepted_at, committed_at, attempts)
                select (:at at time zone 'UTC')::date, 'trace', 'p:' || :prefix || i, 'p', :prefix || i, 'DONE', 'HTTP',
                    :route, :route, :reason, case when :route = 'TEMPORAL' then 500 else 5000 end, 1000, 7,
                    :at::timestamptz - :millis * interval '1 ms', :at, 1
                from generate_series(1, :count) i
                """)
                .param("at", at.atOffset(java.time.ZoneOffset.UTC))
                .param("prefix", prefix)
                .param("route", route)
                .param("reason", reason)
                .param("millis", millis)
                .param("count", count)
                .update();
    }

    private void dead(String prefix, int count) {
        sql.sql("""
                insert into ledger (accepted_on, workload, item_key, project_id, subject, state, way_in, decided_route,
                    executed_route, reason, bucket, basis_points, epoch, accepted_at)
                select (now() at time zone 'UTC')::date, 'trace', 'p:' || :prefix || i, 'p', :prefix || i, 'DEAD', 'HTTP',
                    'TEMPORAL', 'TEMPORAL', 'FLAG', 500, 1000, 7, now()
                from generate_series(1, :count) i
                """).param("prefix", prefix).param("count", count).update();
    }
}
