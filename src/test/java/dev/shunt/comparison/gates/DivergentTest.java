package dev.shunt.comparison.gates;

import static dev.shunt.comparison.GateOutcome.INCONCLUSIVE;
import static dev.shunt.comparison.GateOutcome.NO_DATA;
import static dev.shunt.comparison.GateOutcome.PASS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateMode;
import dev.shunt.comparison.GateQuestion;
import dev.shunt.comparison.GateSpec;
import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
import dev.shunt.core.Workload;
import dev.shunt.embedded.TestBackends;
import dev.shunt.store.GateDoubts;
import dev.shunt.store.GateReads;
import dev.shunt.store.GateReads.Scope;
import dev.shunt.store.WatchPasses;
import dev.shunt.store.WatchPasses.Pass;
import java.time.Duration;
import java.time.Instant;
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
        found("VALUE", "spans[a].name", "p:a:0123456789abcdef", "TEMPORAL", "LEGACY", "SHADOW");
        for (int i = 0; i < 9; i++) {
            found("VALUE", "spans[a].name", "p:b" + i + ":0123456789abcdef", "TEMPORAL", null, "RECONCILIATION");
        }
        Facts facts = facts();

        assertThat(facts.count("differingPairs")).isEqualTo(1);
        assertThat(facts.count("differingVerified")).isEqualTo(9);
        assertThat(facts.count("pairs")).isEqualTo(5_000);
        assertThat(judge().words()).contains("9 of 9 items on Temporal");
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
        new Divergent(new GateReads(DATABASE), new GateDoubts(DATABASE), passes, Duration.ofSeconds(5))
                .add(facts, Progress.begin(question), new Scope(TRACE, start, false), question, Instant.now());
        return facts;
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
