package dev.shunt.comparison.gates;

import static dev.shunt.comparison.GateOutcome.FAIL;
import static dev.shunt.comparison.GateOutcome.INCONCLUSIVE;
import static dev.shunt.comparison.GateOutcome.NO_DATA;
import static dev.shunt.comparison.GateOutcome.PASS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateMode;
import dev.shunt.comparison.GateQuestion;
import dev.shunt.comparison.GateSpec;
import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
import dev.shunt.core.Workload;
import dev.shunt.embedded.TestBackends;
import dev.shunt.store.Divergences;
import dev.shunt.store.GateDoubts;
import dev.shunt.store.GateReads;
import dev.shunt.store.GateReads.Scope;
import dev.shunt.store.WatchPasses;
import dev.shunt.store.WatchPasses.Pass;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the gate divergence reads, and what it says of that. */
class DivergentTest {

    private static final Workload TRACE = new Workload("trace");
    private static final DataSource DATABASE = TestBackends.migratedDatabase();
    private static final GateSpec GATE = GateSpec.of(GateSpec.DIVERGENCE, GateMode.ROLLBACK);

    private final JdbcClient sql = JdbcClient.create(DATABASE);
    private final WatchPasses passes = new WatchPasses(DATABASE);
    private final Instant start = Instant.now().minusSeconds(60);
    private final Instant now = Instant.now();
    private final GateQuestion question = new GateQuestion(
            TRACE, "r", start, "10 %", start, new Percentage(1_000), Percentage.ZERO, new Epoch(7), 0, List.of(GATE));

    @BeforeEach
    void all_is_well_and_much_is_compared() {
        sql.sql("truncate ledger, divergence, divergence_judgement, ignore_rule, shadow_minute, watch_pass")
                .update();
        for (Pass pass : Pass.values()) {
            passes.passed(TRACE, pass, Duration.ofMinutes(1));
        }
        pairs(5_000, 0);
    }

    @Test
    void differences_count_among_what_their_own_mechanism_compared() {
        stored(10, 30);
        sql.sql("update ledger set checked_at = :at")
                .param("at", utc(now.minusSeconds(10)))
                .update();
        differ(9);
        found("VALUE", "spans[a].name", "p:10", "TEMPORAL", "LEGACY", "SHADOW");
        sql.sql("update shadow_minute set equal = equal - 1, differing = 1").update();
        Facts facts = facts();

        assertThat(facts.count("differingPairs")).isEqualTo(1);
        assertThat(facts.count("otherDifferingPairs")).isZero();
        assertThat(facts.count("differingVerified")).isEqualTo(9);
        assertThat(facts.count("pairs")).isEqualTo(5_000);
        assertThat(judge().words()).contains("9 of 10 items on Temporal");
    }

    @Test
    void what_differs_is_evidence_as_soon_as_it_counts_as_verified_and_not_before() {
        stored(500, 30);
        differ(9);
        GateFinding unmarked = judge();
        assertThat(unmarked.outcome()).as(unmarked.words()).isNotEqualTo(FAIL);

        sql.sql("update ledger set checked_at = :at")
                .param("at", utc(now.minusSeconds(3)))
                .update();
        assertThat(facts().count("differingVerified")).as("marked a moment ago").isZero();
        assertThat(judge().outcome()).isNotEqualTo(FAIL);

        sql.sql("update ledger set checked_at = :at")
                .param("at", utc(now.minusSeconds(6)))
                .update();
        GateFinding marked = judge();
        assertThat(marked.outcome()).as(marked.words()).isEqualTo(FAIL);
        assertThat(marked.words()).contains("9 of 500 items on Temporal");
    }

    @Test
    void items_of_a_rollout_before_and_items_that_the_ledger_forgot_are_no_evidence() {
        stored(40, 600);
        sql.sql("update ledger set checked_at = :at")
                .param("at", utc(now.minusSeconds(10)))
                .update();
        sql.sql("delete from ledger where item_key in ('p:1', 'p:2', 'p:3')").update();
        sql.sql("update shadow_minute set equal = 0").update();
        differ(40);

        Facts facts = facts();
        assertThat(facts.count("differingVerified")).isZero();
        assertThat(facts.count("otherDifferingVerified")).isEqualTo(40);
        GateFinding finding = judge();
        assertThat(finding.outcome()).as(finding.words()).isEqualTo(INCONCLUSIVE);

        for (int i = 1; i <= 4; i++) {
            found("VALUE", "name", "p:" + i, "TEMPORAL", "LEGACY", "SHADOW");
        }
        sql.sql("update shadow_minute set equal = 500, differing = 4").update();
        assertThat(facts().count("differingPairs")).isZero();
        assertThat(facts().count("otherDifferingPairs")).isEqualTo(4);
    }

    @Test
    void pairs_are_evidence_as_soon_as_they_are_counted_as_compared() {
        stored(5, 30);
        sql.sql("update shadow_minute set equal = 0").update();
        for (int i = 1; i <= 5; i++) {
            found("VALUE", "name", "p:" + i, "TEMPORAL", "LEGACY", "SHADOW");
        }
        GateFinding early = judge();
        assertThat(early.outcome()).as(early.words()).isEqualTo(INCONCLUSIVE);

        sql.sql("update shadow_minute set equal = 95, differing = 5").update();
        GateFinding counted = judge();
        assertThat(counted.outcome()).as(counted.words()).isEqualTo(FAIL);
        assertThat(counted.words()).contains("5 of 100 shadow pairs differ");
    }

    @Test
    void what_is_proven_is_said_though_the_comparator_does_not_verify_any_more() {
        stored(1_000, 30);
        sql.sql("update ledger set checked_at = :at")
                .param("at", utc(now.minusSeconds(10)))
                .update();
        passes.passed(TRACE, Pass.CONSERVATION, Duration.ZERO);
        assertThat(judge().outcome()).isEqualTo(NO_DATA);

        differ(50);
        GateFinding finding = judge();
        assertThat(finding.outcome()).as(finding.words()).isEqualTo(FAIL);
        assertThat(finding.words()).contains("50 of 1,000 items on Temporal");
    }

    @Test
    void all_divergences_of_no_item_are_counted_however_many_groups_they_make() {
        for (int i = 0; i < 120; i++) {
            found("EXTRA", "place" + i, "p:" + i, null, null, "RECONCILIATION");
        }
        found("EXTRA", "place7", "p:again", null, null, "RECONCILIATION");

        assertThat(facts().count("ofNoItem")).isEqualTo(121);
        assertThat(judge().words()).contains("121 divergences", "EXTRA at place7 (2)", "and 117 more");
    }

    @Test
    void a_summary_that_is_wrong_keeps_it_from_passing_until_somebody_accepts_it() {
        assertThat(judge().outcome()).isEqualTo(PASS);
        found("SUMMARY", "summaries[p/2026-11-21/gpt-4o].spans", "", null, null, "RECONCILIATION");
        found("EXTRA", "traces[p/doubled]", "p:t:0123456789abcdef", null, null, "RECONCILIATION");
        found("LATE", "item", "p:u:0123456789abcdef", null, null, "RECONCILIATION");

        GateFinding finding = judge();
        assertThat(finding.outcome()).isEqualTo(INCONCLUSIVE);
        assertThat(finding.words())
                .contains("2 divergences", "SUMMARY at summaries[].spans (1)", "EXTRA at traces[] (1)");

        say("SUMMARY", "summaries[].spans", "ACCEPTED");
        say("EXTRA", "traces[]", "SEEN");
        assertThat(judge().words()).contains("1 divergence that belongs", "EXTRA at traces[] (1)");
        sql.sql("""
                insert into ignore_rule (workload, path, path_like, reason, owner, created_by, expires_at)
                values ('trace', 'traces[*]', 'traces[%]', 'r', 'o', 'c', now() + interval '1 day')
                """).update();
        assertThat(judge().outcome()).isEqualTo(PASS);
    }

    @Test
    void what_was_seen_before_the_rollout_does_not_count() {
        found("SUMMARY", "summaries[p/2026-11-21/gpt-4o].spans", "", null, null, "RECONCILIATION");
        sql.sql("update divergence set first_seen = now() - interval '1 hour'").update();

        assertThat(judge().outcome()).isEqualTo(PASS);
    }

    @Test
    void a_sum_that_was_mended_and_is_wrong_again_in_this_rollout_counts() {
        var divergences = new Divergences(DATABASE);
        String path = "summaries[p/" + LocalDate.now(ZoneOffset.UTC) + "/gpt-4o].total_cost";
        List<Divergence> wrong = List.of(Divergence.ofInput(Kind.SUMMARY, path, "0.4", "0.5", null, null, null));
        divergences.record(TRACE, wrong);
        sql.sql("update divergence set first_seen = now() - interval '2 h', last_seen = now() - interval '2 h'")
                .update();
        assertThat(judge().outcome()).isEqualTo(PASS);

        divergences.record(TRACE, wrong);
        GateFinding finding = judge();
        assertThat(finding.outcome()).as(finding.words()).isEqualTo(INCONCLUSIVE);
        assertThat(finding.words()).contains("(1 before it, and came back", "SUMMARY at summaries[].total_cost (1)");
    }

    @Test
    void pairs_that_were_late_or_failed_are_counted_as_such() {
        pairs(0, 40);

        assertThat(facts().count("pairsWithoutResult")).isEqualTo(40);
        assertThat(judge().outcome()).isEqualTo(INCONCLUSIVE);
    }

    @Test
    void a_comparator_that_fails_makes_no_data_on_any_instance() {
        passes.passed(TRACE, Pass.CONSERVATION, Duration.ZERO);
        GateFinding finding = judge();
        assertThat(finding.outcome()).isEqualTo(NO_DATA);
        assertThat(finding.words()).contains("the look for missing items has not come to its end since");

        passes.passed(TRACE, Pass.CONSERVATION, Duration.ofMinutes(1));
        sql.sql("delete from watch_pass where pass = 'CHECK'").update();
        assertThat(judge().words())
                .contains("the check of stored items against their input has not come to its end yet");
    }

    private GateFinding judge() {
        return Judges.judge(GATE, facts());
    }

    private Facts facts() {
        Facts facts = new Facts()
                .with("alpha", 0.001)
                .with("peak", 0.0)
                .with("minimum", 0)
                .with("items", 0);
        Progress progress = Progress.begin(question);
        progress.cursor = now;
        new Divergent(new GateReads(DATABASE), new GateDoubts(DATABASE), passes, Duration.ofSeconds(5))
                .add(facts, progress, new Scope(TRACE, start, false), question, now);
        return facts;
    }

    /** Items p:1, p:2 and so on, which Temporal stored and nobody has verified. */
    private void stored(int items, int secondsAgo) {
        sql.sql("""
                insert into ledger (accepted_on, workload, item_key, project_id, subject, state, way_in, decided_route,
                    executed_route, reason, bucket, basis_points, epoch, accepted_at, committed_at)
                select (:at at time zone 'UTC')::date, 'trace', 'p:' || i, 'p', i, 'DONE', 'HTTP', 'TEMPORAL', 'TEMPORAL',
                    'FLAG', 500, 1000, 7, :at, :at
                from generate_series(1, :items) i
                """)
                .param("at", utc(now.minusSeconds(secondsAgo)))
                .param("items", items)
                .update();
    }

    /** The check finds that the first of them are not what the input says. */
    private void differ(int items) {
        for (int i = 1; i <= items; i++) {
            found("VALUE", "spans[a].name", "p:" + i, "TEMPORAL", null, "RECONCILIATION");
        }
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    private void pairs(int equal, int late) {
        sql.sql("""
                insert into shadow_minute as m (workload, minute, primary_route, shadow_route, mode, sampled, equal,
                    differing, shed, failed, timed_out)
                values ('trace', date_trunc('minute', now()), 'LEGACY', 'TEMPORAL', 'OTHER_ROUTE', ?, ?, 0, 0, ?, ?)
                on conflict (workload, minute, primary_route, shadow_route, mode) do update set
                    failed = excluded.failed, timed_out = excluded.timed_out
                """).params(equal + late, equal, late / 2, late - late / 2).update();
    }

    private void found(
            String kind, String path, String item, @Nullable String route, @Nullable String expected, String by) {
        sql.sql("""
                insert into divergence (workload, kind, path, path_pattern, item_key, route, expected_route, found_by)
                values ('trace', ?, ?, regexp_replace(?, '\\[[^]]*\\]', '[]', 'g'), ?, ?, ?, ?)
                """)
                .param(kind)
                .param(path)
                .param(path)
                .param(item)
                .param(route)
                .param(expected)
                .param(by)
                .update();
    }

    private void say(String kind, String path, String state) {
        sql.sql("""
                insert into divergence_judgement (workload, kind, path_pattern, state, judged_by, reason)
                values ('trace', ?, ?, ?, 'ada', 'known')
                """).params(kind, path, state).update();
    }
}
