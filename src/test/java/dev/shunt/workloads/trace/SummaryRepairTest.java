package dev.shunt.workloads.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.SummaryChange;
import dev.shunt.embedded.TestBackends;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Sums are put right while others go on adding to them. */
class SummaryRepairTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final LocalDate DAY = LocalDate.parse("2026-11-21");

    private final DataSource database = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(database);
    private final TestTraces traces = new TestTraces(database);
    private final SummaryRepair repair = new SummaryRepair(database);
    private final long run = sql.sql("""
                    insert into reconciliation (workload, window_from, window_until, repair, state, scheduled, ordered_by,
                        instance)
                    values ('trace', now() - interval '1 day', now(), 'APPLY', 'RUNNING', false, 'anna', 'here')
                    returning id
                    """).query(Long.class).single();

    @BeforeEach
    void a_day_with_a_summary() {
        traces.store(TestTraces.item("t0", NOON));
    }

    @AfterEach
    void close() {
        traces.close();
    }

    @Test
    void sums_that_are_right_are_left_alone() {
        assertThat(repair.plan(DAY)).isEmpty();
        assertThat(repair.apply(DAY, run, "anna")).isEmpty();
    }

    @Test
    void a_row_without_spans_goes_and_a_missing_one_comes_back() {
        sql.sql("insert into daily_cost_summary values ('p', '2026-11-21', 'ghost', 1, 0, 0, 0, 0, 0, 0, 0)")
                .update();
        sql.sql("delete from daily_cost_summary where model = 'gpt-4o'").update();

        List<SummaryChange> planned = repair.plan(DAY);
        List<SummaryChange> applied = repair.apply(DAY, run, "anna");

        assertThat(applied).containsExactlyInAnyOrderElementsOf(planned).hasSize(2);
        assertThat(traces.audit().verifySummaries(DAY)).isEmpty();
        assertThat(sql.sql("select count(*) from summary_repair where applied and actor = 'anna'")
                        .query(Long.class)
                        .single())
                .isEqualTo(2);
    }

    @Test
    void nothing_is_lost_of_what_is_stored_while_a_day_is_repaired() {
        var storing = new AtomicBoolean(true);
        CompletableFuture<Integer> stored = CompletableFuture.supplyAsync(() -> {
            int n = 0;
            while (storing.get()) {
                traces.store(TestTraces.item("c" + n++, NOON));
            }
            return n;
        });
        try {
            for (int i = 0; i < 6; i++) {
                sql.sql("update daily_cost_summary set spans = spans + 5, total_cost = total_cost - 0.000001 * :i")
                        .param("i", i)
                        .update();
                sql.sql("delete from daily_cost_summary where model = '__all__' and :i % 3 = 0")
                        .param("i", i)
                        .update();
                assertThat(repair.apply(DAY, run, "anna")).isNotEmpty();
                assertThat(traces.audit().verifySummaries(DAY)).as("round " + i).isEmpty();
            }
        } finally {
            storing.set(false);
        }
        assertThat(stored.join()).isPositive();
        assertThat(traces.audit().verifySummaries(DAY)).isEmpty();
    }

    @Test
    void a_repair_waits_for_a_group_that_holds_the_row_and_adds_to_what_it_leaves() throws SQLException {
        sql.sql("update daily_cost_summary set spans = spans + 5 where model = 'gpt-4o'")
                .update();
        try (Connection group = database.getConnection();
                Statement statement = group.createStatement()) {
            group.setAutoCommit(false);
            statement.execute(
                    "insert into span (project_id, trace_id, id, name, start_time, level, model, prompt_tokens,"
                            + " summary_model, price_state, summarised, item_key, client_digest)"
                            + " select project_id, trace_id, 'late', name, start_time, level, model, prompt_tokens, summary_model,"
                            + " 'UNPRICED', true, item_key, 1 from span where id = 's1'");
            statement.execute("update daily_cost_summary set spans = spans + 1, unpriced_spans = unpriced_spans + 1,"
                    + " prompt_tokens = prompt_tokens + 1001, total_tokens = total_tokens + 1001"
                    + " where model in ('gpt-4o', '__all__')");
            CompletableFuture<List<SummaryChange>> applied =
                    CompletableFuture.supplyAsync(() -> repair.apply(DAY, run, "anna"));
            await().until(() -> sql.sql("select count(*) from pg_stat_activity where datname = current_database()"
                            + " and wait_event_type = 'Lock'")
                    .query(Long.class)
                    .single()
                    .equals(1L));
            group.commit();
            assertThat(applied.join()).hasSize(1);
        }
        assertThat(traces.audit().verifySummaries(DAY)).isEmpty();
    }
}
