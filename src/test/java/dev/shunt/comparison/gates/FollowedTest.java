package dev.shunt.comparison.gates;

import static dev.shunt.comparison.GateOutcome.FAIL;
import static dev.shunt.comparison.GateOutcome.NO_DATA;
import static dev.shunt.comparison.gates.GateLedger.TRACE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.comparison.CustomQuery;
import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateMode;
import dev.shunt.comparison.GateQuestion;
import dev.shunt.comparison.GateSpec;
import dev.shunt.comparison.Verdict;
import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
import dev.shunt.store.WatchPasses;
import dev.shunt.store.WatchPasses.Pass;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an instance follows when another one leads meanwhile, a phase ends, or another rollout begins. */
class FollowedTest {

    private static final GateLedger LEDGER = new GateLedger();
    private static final List<GateSpec> ERRORS = List.of(GateSpec.of(GateSpec.ERRORS, GateMode.HOLD));
    private static int rollouts;

    private final Instant start = Instant.now().minusSeconds(100).truncatedTo(ChronoUnit.MICROS);
    private final String rollout = "f" + ++rollouts;

    @BeforeEach
    void empty() {
        LEDGER.empty();
        LEDGER.time = start;
    }

    @Test
    void who_leads_again_goes_on_from_what_its_successor_kept() {
        var first = new AtomicBoolean(true);
        LedgerGates one = LEDGER.gates(first::get);
        LedgerGates other = LEDGER.gates(() -> !first.get());
        GateQuestion ten = question("10 %", start, 1_000, ERRORS);
        store("a", 40, "DONE", 5_000);
        one.evaluate(ten);

        first.set(false);
        store("b", 20, "DONE", 5_000);
        other.evaluate(ten);
        GateQuestion fifty = question("50 %", now(), 5_000, ERRORS);
        other.evaluate(fifty);
        store("c", 5, "DEAD", 500);
        LEDGER.time = LEDGER.time.plusSeconds(61);
        assertThat(other.evaluate(fifty).outcome()).isEqualTo(FAIL);
        store("d", 60, "DEAD", 5_000); // whoever looks only now finds nothing wrong with Temporal
        LEDGER.time = LEDGER.time.plusSeconds(61);
        assertThat(other.evaluate(fifty).outcome()).isEqualTo(FAIL);
        Facts kept = LEDGER.kept(rollout);
        assertThat(GateJson.map(kept.values().get("control")).toString()).contains("10 %", "legacy_settled=60");

        first.set(true);
        GateFinding finding = one.evaluate(fifty).findings().getFirst();

        assertThat(finding.outcome()).as(finding.words()).isEqualTo(FAIL);
        LEDGER.time = LEDGER.time.plusSeconds(61);
        one.evaluate(fifty);
        Facts further = LEDGER.kept(rollout);
        assertThat(further.text("cursor")).isNotEqualTo(kept.text("cursor"));
        for (String what : List.of("control", "counts", "peaks", "phase", "phaseStartedAt")) {
            assertThat(further.values().get(what))
                    .as(what)
                    .isEqualTo(kept.values().get(what));
        }
    }

    @Test
    void a_question_of_a_phase_that_is_over_is_not_followed() {
        List<GateSpec> gates = List.of(
                GateSpec.of(GateSpec.ERRORS, GateMode.HOLD),
                GateSpec.of(GateSpec.SPLIT, GateMode.HOLD),
                new GateSpec("custom:queue", GateMode.HOLD, null, nobody()));
        GateQuestion half = question("50 %", start, 5_000, gates);
        LedgerGates instance = LEDGER.gates(() -> true);
        store("a", 30, "DONE", 7_000);
        instance.evaluate(half);
        GateQuestion all = question("100 %", now(), 10_000, gates);
        instance.evaluate(all);

        Verdict late = instance.evaluate(half);

        assertThat(late.phase()).isEqualTo("50 %");
        assertThat(late.findings()).hasSize(3).allSatisfy(finding -> {
            assertThat(finding.outcome()).isEqualTo(NO_DATA);
            assertThat(finding.words()).contains("phase 50 % is over");
        });
        LEDGER.time = LEDGER.time.plusSeconds(61);
        instance.evaluate(all);
        Control control = Control.of(GateJson.map(LEDGER.kept(rollout).values().get("control")));
        assertThat(control.phase()).isEqualTo("50 %");
        assertThat(control.counts().get(Count.LEGACY_SETTLED)).isEqualTo(30);

        LedgerGates another = LEDGER.gates(() -> true);
        assertThat(another.evaluate(half).outcome()).isEqualTo(NO_DATA);
        LEDGER.rows("b", 60, "DEAD", 7_000, 10_000, start);
        GateFinding finding = another.evaluate(all).findings().getFirst();
        assertThat(finding.outcome()).as(finding.words()).isEqualTo(FAIL);
        assertThat(finding.words()).contains("frozen in phase 50 %");
    }

    @Test
    void what_differed_in_one_rollout_says_nothing_of_the_next() {
        List<GateSpec> gates = List.of(GateSpec.of(GateSpec.DIVERGENCE, GateMode.ROLLBACK));
        LedgerGates instance = LEDGER.gates(() -> true);
        for (Pass pass : Pass.values()) {
            new WatchPasses(LEDGER.database).passed(TRACE, pass, Duration.ofMinutes(1));
        }
        store("a", 20, "DONE", 500);
        LEDGER.sql
                .sql("update ledger set checked_at = clock_timestamp() - interval '10 s'")
                .update();
        LEDGER.sql.sql("""
                insert into divergence (workload, kind, path, path_pattern, item_key, route, epoch, found_by)
                select 'trace', 'VALUE', 'name', 'name', item_key, 'TEMPORAL', 7, 'RECONCILIATION' from ledger
                """).update();
        assertThat(instance.evaluate(question("10 %", start, 1_000, gates)).outcome())
                .isEqualTo(FAIL);

        Instant again = now();
        var next = new GateQuestion(
                TRACE,
                rollout + "next",
                again,
                "10 %",
                again,
                new Percentage(1_000),
                Percentage.ZERO,
                new Epoch(9),
                1,
                gates);
        LEDGER.time = LEDGER.time.plusSeconds(1);
        assertThat(instance.evaluate(next).outcome()).isNotIn(FAIL, NO_DATA);
        LEDGER.time = LEDGER.time.plusSeconds(61);
        assertThat(instance.evaluate(next).outcome()).isNotEqualTo(FAIL);
    }

    @Test
    void who_takes_over_in_quiet_traffic_knows_when_the_newest_item_came_and_what_failed() {
        Instant hours = start.minusSeconds(3 * 3_600);
        GateQuestion quiet = new GateQuestion(
                TRACE, rollout, hours, "10 %", hours, new Percentage(1_000), Percentage.ZERO, new Epoch(7), 1, ERRORS);
        for (int i = 0; i < 20; i++) {
            LEDGER.row("d" + i, "d" + i, "DEAD", 500, 1_000, 1_200, 5, hours);
        }
        assertThat(quietly().evaluate(quiet).outcome()).isEqualTo(FAIL);

        GateFinding finding = quietly().evaluate(quiet).findings().getFirst();
        assertThat(finding.outcome()).as(finding.words()).isEqualTo(FAIL);

        LEDGER.sql
                .sql("update gate_evidence set evidence = evidence - 'newest'")
                .update();
        finding = quietly().evaluate(quiet).findings().getFirst();
        assertThat(finding.words()).as("kept by a build before").contains("no item was recorded for 1");
    }

    /** Gates of an instance that has seen nothing yet, where an item comes every half hour. */
    private static LedgerGates quietly() {
        var settings = new GateSettings(
                0.005, 0.0025, 0.0002, 0.001, 0.001, 0.0003, Duration.ofHours(1), 10_000, Duration.ofSeconds(5));
        return LEDGER.gates("trace", () -> true, settings);
    }

    private GateQuestion question(String phase, Instant phaseStart, int basisPoints, List<GateSpec> gates) {
        return new GateQuestion(
                TRACE,
                rollout,
                start,
                phase,
                phaseStart,
                new Percentage(basisPoints),
                Percentage.ZERO,
                new Epoch(7),
                1,
                gates);
    }

    private static CustomQuery nobody() {
        return new CustomQuery(
                CustomQuery.Kind.PROMQL,
                URI.create("http://127.0.0.1:1"),
                "up",
                CustomQuery.Good.AT_MOST,
                1,
                Duration.ofSeconds(1));
    }

    private void store(String prefix, int count, String state, int bucket) {
        LEDGER.rows(prefix, count, state, bucket, 1_000, start);
    }

    private static Instant now() {
        return LEDGER.sql
                .sql("select clock_timestamp()")
                .query(java.time.OffsetDateTime.class)
                .single()
                .toInstant();
    }
}
