package dev.shunt.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.FullAudit;
import dev.shunt.core.Reconciliation;
import dev.shunt.core.Reconciliation.Order;
import dev.shunt.core.Reconciliation.Repair;
import dev.shunt.core.Reconciliation.State;
import dev.shunt.store.LedgerWindow;
import dev.shunt.store.ReconciliationRuns;
import dev.shunt.store.SummaryRepairs;
import dev.shunt.store.TestPools;
import dev.shunt.store.TestSettled;
import dev.shunt.workloads.trace.TestTraces;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Times the reconciliation of many traces; run by {@code scripts/reconcile-size}. A thousand of them, of two spans each, are
 * stored by the real store with the evidence of the real codec; the others are copies of their rows under other trace ids,
 * which evidence does not speak of.
 */
class ReconciliationSize {

    private static final int TEMPLATES = 1_000;
    private static final Duration ALLOWED = Duration.ofMinutes(2);

    @Test
    void a_million_traces_are_reconciled_within_two_minutes() {
        long traces = Long.getLong("shunt.size.traces", 1_000_000);
        try (var rig = new ComparisonRig();
                var pool = TestPools.reconcile(rig.database)) {
            long filled = System.nanoTime();
            fill(rig, traces);
            System.out.printf("| filled with %,d traces of 2 spans | %d s |%n", traces, seconds(filled));
            FullAudit full = TestTraces.fullAudit(pool.dataSource());
            var runs = new ReconciliationRuns(rig.database);
            var repairs = new SummaryRepairs(rig.database);
            var sources = new ReconciliationRun.Sources(
                    new LedgerWindow(pool.dataSource()),
                    full.audit(),
                    Optional.of(full),
                    new Whereabouts(ComparisonRig.TRACE, rig.inFlight, TestSettled.in(rig.database), rig.ledger),
                    rig.divergences,
                    repairs);
            var reconciliations = new Reconciliations(
                    Map.of(ComparisonRig.TRACE, sources),
                    runs,
                    repairs,
                    "size",
                    Duration.ZERO,
                    Duration.ofSeconds(10),
                    Clock.systemUTC());
            reconciliations.start();
            Instant now = Instant.now();
            var answer = reconciliations.order(new Order(
                    ComparisonRig.TRACE,
                    now.minus(Duration.ofDays(2)),
                    now.plusSeconds(60),
                    Repair.NONE,
                    false,
                    "size"));
            long id = ((Reconciliations.Answer.Started) answer).run().id();
            Reconciliation run = await().atMost(Duration.ofMinutes(20))
                    .until(() -> shown(runs.find(id).orElseThrow()), each -> each.state() != State.RUNNING);
            reconciliations.stop();
            Duration took = Duration.between(
                    run.startedAt(), Optional.ofNullable(run.endedAt()).orElse(now));
            System.out.printf(
                    "| reconciled %,d items, %s, findings %s | %.1f s |%n",
                    run.verified(), run.state(), run.findings(), took.toMillis() / 1000.0);
            assertThat(run.state()).as(run.failure()).isEqualTo(State.DONE);
            assertThat(run.verified()).isEqualTo(traces);
            assertThat(run.findings()).isEmpty();
            assertThat(took).isLessThan(ALLOWED);
        }
    }

    private String step = "";

    private Reconciliation shown(Reconciliation run) {
        if (!run.step().equals(step)) {
            step = run.step();
            System.out.printf(
                    "| after %.1f s: %s |%n",
                    Duration.between(run.startedAt(), Instant.now()).toMillis() / 1000.0, step);
        }
        return run;
    }

    private static void fill(ComparisonRig rig, long traces) {
        for (int i = 0; i < TEMPLATES; i++) {
            rig.traces.store(TestTraces.item(
                    "t" + i,
                    rig.start.minusSeconds(i),
                    TestTraces.span("s1", "gpt-4o", 1_001 + i, 17),
                    TestTraces.span("s2", "claude-3-5-sonnet-20241022", 3, i)));
        }
        long copies = traces / TEMPLATES - 1;
        copy(rig, copies, """
                insert into trace (project_id, id, name, occurred_at, session_id, user_id, metadata, item_key)
                select project_id, id || '-' || g, name, occurred_at, session_id, user_id, metadata,
                       'p:' || id || '-' || g || ':' || right(item_key, 16)
                from generate_series(1, :copies) g, trace
                """);
        copy(rig, copies, """
                insert into span (project_id, trace_id, id, parent_span_id, name, start_time, end_time, input, output,
                    metadata, model, model_parameters, prompt_tokens, completion_tokens, total_tokens, level,
                    summary_model, status_message, price_state, price_id, input_cost, output_cost, total_cost,
                    summarised, item_key, client_digest)
                select project_id, trace_id || '-' || g, id, parent_span_id, name, start_time, end_time, input, output,
                    metadata, model, model_parameters, prompt_tokens, completion_tokens, total_tokens, level,
                    summary_model, status_message, price_state, price_id, input_cost, output_cost, total_cost,
                    summarised, 'p:' || trace_id || '-' || g || ':' || right(item_key, 16), client_digest
                from generate_series(1, :copies) g, span
                """);
        copy(rig, copies, """
                insert into ledger (accepted_on, workload, item_key, project_id, subject, state, way_in, decided_route,
                    executed_route, reason, bucket, basis_points, epoch, accepted_at, committed_at, delivery_id, evidence)
                select accepted_on, workload, 'p:' || subject || '-' || g || ':' || right(item_key, 16), project_id,
                    subject || '-' || g, state, way_in, decided_route, executed_route, reason, bucket, basis_points,
                    epoch, accepted_at + g * interval '1 microsecond', committed_at, delivery_id, evidence
                from generate_series(1, :copies) g, ledger
                """);
        copy(rig, copies + 1, """
                update daily_cost_summary set spans = spans * :copies, unpriced_spans = unpriced_spans * :copies,
                    prompt_tokens = prompt_tokens * :copies, completion_tokens = completion_tokens * :copies,
                    total_tokens = total_tokens * :copies, input_cost = input_cost * :copies,
                    output_cost = output_cost * :copies, total_cost = total_cost * :copies
                """);
        rig.sql.sql("analyze").update();
    }

    private static void copy(ComparisonRig rig, long copies, String sql) {
        rig.sql.sql(sql).param("copies", copies).update();
    }

    private static long seconds(long since) {
        return Duration.ofNanos(System.nanoTime() - since).toSeconds();
    }
}
