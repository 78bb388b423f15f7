package dev.shunt.comparison;

import static dev.shunt.comparison.TestLedger.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.shunt.comparison.DivergenceLog.Entry;
import dev.shunt.comparison.Reconciliations.Answer;
import dev.shunt.comparison.Reconciliations.Repaired;
import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.FullAudit;
import dev.shunt.core.Item;
import dev.shunt.core.Reconciliation;
import dev.shunt.core.Reconciliation.Order;
import dev.shunt.core.Reconciliation.Repair;
import dev.shunt.core.Reconciliation.State;
import dev.shunt.core.ResultAudit;
import dev.shunt.core.SummaryChange;
import dev.shunt.core.Workload;
import dev.shunt.store.LedgerWindow;
import dev.shunt.store.ReconciliationRuns;
import dev.shunt.store.SummaryRepairs;
import dev.shunt.store.TestSettled;
import dev.shunt.workloads.trace.TestTraces;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A range of time compared in full, on real backends. */
class ReconciliationTest {

    private static final Duration MISSING_AFTER = Duration.ofMillis(300);

    private final ComparisonRig rig = new ComparisonRig();
    private final Instant noon = rig.start.truncatedTo(ChronoUnit.MICROS);
    private final ReconciliationRuns runs = new ReconciliationRuns(rig.database);
    private final Reconciliations reconciliations = reconciliations(rig.traces.fullAudit());

    @BeforeEach
    void start() {
        reconciliations.start();
    }

    @AfterEach
    void close() {
        reconciliations.stop();
        rig.close();
    }

    @Test
    void a_window_in_which_all_is_well_is_done_and_nothing_is_found() {
        for (int i = 0; i < 5; i++) {
            rig.traces.store(TestTraces.item("t" + i, rig.start));
        }

        Reconciliation run = finished(order(Repair.NONE));

        assertThat(run.state()).as(run.failure()).isEqualTo(State.DONE);
        assertThat(run.items()).isEqualTo(5);
        assertThat(run.verified()).isEqualTo(5);
        assertThat(run.findings()).isEmpty();
        assertThat(run.endedAt()).isNotNull();
        assertThat(rig.list()).isEmpty();
    }

    @Test
    void what_is_missing_doubled_orphaned_or_wrongly_summed_is_found_and_counted_by_kind() {
        for (int i = 0; i < 3; i++) {
            rig.traces.store(TestTraces.item("t" + i, rig.start));
        }
        rig.rows.row(key("lost"), "OPEN", "TEMPORAL", "TEMPORAL", "FLAG", rig.start.minusSeconds(60), Duration.ZERO);
        rig.plant("delete from span where trace_id = 't0'");
        rig.plant("delete from trace where id = 't0'");
        rig.plant("insert into ledger select (jsonb_populate_record(l, '{\"accepted_on\": \"2020-01-01\"}')).*"
                + " from ledger l where subject = 't1'");
        rig.plant("insert into session values ('p', 'nobody', null, now(), now())");
        rig.plant("insert into tracked_user (project_id, id, first_seen_at, last_seen_at)"
                + " values ('p', 'nobody', now(), now())");
        rig.plant("update trace set user_id = 'gone' where id = 't2'");
        rig.plant("insert into trace (project_id, id, name, occurred_at, item_key)"
                + " values ('p', 'stranger', 'x', now(), 'p:stranger:0000000000000000')");

        Reconciliation run = finished(order(Repair.NONE));

        assertThat(run.state()).as(run.failure()).isEqualTo(State.DONE);
        assertThat(rig.list())
                .filteredOn(entry -> entry.kind() != Kind.SUMMARY)
                .extracting(Entry::kind, Entry::path)
                .containsExactlyInAnyOrder(
                        tuple(Kind.MISSING, "trace"),
                        tuple(Kind.MISSING, "item"),
                        tuple(Kind.EXTRA, "ledger"),
                        tuple(Kind.EXTRA, "sessions[p/nobody]"),
                        tuple(Kind.EXTRA, "users[p/nobody]"),
                        tuple(Kind.MISSING, "users[p/gone]"),
                        tuple(Kind.VALUE, "user_id"),
                        tuple(Kind.EXTRA, "traces[p/stranger]"));
        assertThat(run.findings())
                .containsEntry(Kind.MISSING, 3L)
                .containsEntry(Kind.EXTRA, 4L)
                .containsEntry(Kind.VALUE, 1L)
                .containsKey(Kind.SUMMARY);
    }

    @Test
    void rows_at_the_edges_of_a_window_and_in_the_second_of_a_flip_are_looked_at_from_both_sides() {
        Instant from = noon;
        Instant until = noon.plusSeconds(1);
        item("at-from", from, from.plusSeconds(5));
        item("last", until.minusNanos(1_000), until.plusSeconds(5));
        item("at-until", until, until.plusSeconds(5));
        item("before", from.minusNanos(1_000), from.minusNanos(500_000));
        item("across", from.minusSeconds(3_600), from);
        item("across-end", from.minusSeconds(3_600), until);
        rig.plant("update trace set name = 'other'");
        stranger("row-at-from", from);
        stranger("row-last", until.minusNanos(1_000));
        stranger("row-at-until", until);

        Reconciliation run = finished(started(
                reconciliations.order(new Order(ComparisonRig.TRACE, from, until, Repair.NONE, false, "anna"))));

        assertThat(run.items()).isEqualTo(3);
        assertThat(rig.list())
                .filteredOn(entry -> entry.kind() == Kind.VALUE)
                .extracting(entry -> String.valueOf(entry.item()).split(":")[1])
                .containsExactlyInAnyOrder("at-from", "last", "across");
        assertThat(rig.list())
                .filteredOn(entry -> entry.kind() == Kind.EXTRA)
                .extracting(Entry::path)
                .containsExactlyInAnyOrder("traces[p/row-at-from]", "traces[p/row-last]");
    }

    @Test
    void a_run_that_cannot_look_has_failed_and_does_not_pass_for_nothing_found() {
        rig.traces.store(TestTraces.item("t1", rig.start));
        var broken = reconciliations(new Looking(rig.traces.fullAudit(), () -> {
            throw new IllegalStateException("broken");
        }));
        broken.start();

        Reconciliation run = finished(started(broken.order(window(Repair.NONE))));

        assertThat(run.state()).isEqualTo(State.FAILED);
        assertThat(run.failure()).isEqualTo("orphans: broken");
        broken.stop();
    }

    @Test
    void one_runs_at_a_time_and_a_dead_one_is_shown_as_interrupted() {
        rig.plant(
                "insert into reconciliation (workload, window_from, window_until, repair, state, scheduled, ordered_by,"
                        + " instance) values ('trace', now() - interval '1 day', now(), 'NONE', 'RUNNING', false, 'ben', 'dead')");
        assertThat(reconciliations.order(window(Repair.NONE)))
                .isEqualTo(new Answer.Refused("a reconciliation of trace is running already"));

        rig.plant("update reconciliation set alive_at = now() - interval '31 seconds'");

        assertThat(runs.list(ComparisonRig.TRACE)).singleElement().satisfies(run -> {
            assertThat(run.state()).isEqualTo(State.INTERRUPTED);
            assertThat(run.failure()).contains("no sign of life of instance dead");
        });
        assertThat(finished(order(Repair.NONE)).state()).isEqualTo(State.DONE);
    }

    @Test
    void an_instance_that_stops_interrupts_its_run() throws InterruptedException {
        rig.rows.row(key("lost"), "OPEN", "TEMPORAL", "TEMPORAL", "FLAG", rig.start.minusSeconds(60), Duration.ZERO);
        var looking = new CountDownLatch(1);
        var audit = new Looking(rig.traces.fullAudit(), looking::countDown);
        var patient = reconciliations(audit, Duration.ofMinutes(1), rig.clock);
        rig.clock.advance(Duration.ofMinutes(2));
        patient.start();
        long id = started(patient.order(window(Repair.NONE))).id();
        assertThat(looking.await(30, TimeUnit.SECONDS)).as("it has begun").isTrue();
        assertThat(runs.find(id).orElseThrow().state())
                .as("and a minute lies before its second look")
                .isEqualTo(State.RUNNING);

        patient.stop();

        assertThat(finished(runs.find(id).orElseThrow())).satisfies(run -> {
            assertThat(run.state()).isEqualTo(State.INTERRUPTED);
            assertThat(run.failure()).contains("stopped");
        });
    }

    @Test
    void summaries_are_repaired_after_a_dry_run_and_every_change_is_kept() {
        rig.traces.store(TestTraces.item("t1", rig.start));
        rig.plant("update daily_cost_summary set spans = spans + 2, total_cost = 7 where model = 'gpt-4o'");
        rig.plant("delete from daily_cost_summary where model = '__all__'");
        Order apply = window(Repair.APPLY);
        assertThat(reconciliations.order(apply)).isInstanceOf(Answer.Refused.class);

        Reconciliation dry = finished(order(Repair.DRY_RUN));

        assertThat(reconciliations.repairs(dry.id()))
                .extracting(repaired -> repaired.change().row(), Repaired::applied)
                .containsExactlyInAnyOrder(tuple("gpt-4o", false), tuple("__all__", false));
        assertThat(wrongSummaries()).isNotEmpty();

        Reconciliation done = finished(started(reconciliations.order(apply)));

        assertThat(done.state()).as(done.failure()).isEqualTo(State.DONE);
        assertThat(wrongSummaries()).isEmpty();
        assertThat(reconciliations.repairs(done.id()))
                .filteredOn(repaired -> repaired.change().row().equals("gpt-4o"))
                .singleElement()
                .satisfies(repaired -> {
                    assertThat(repaired.applied()).isTrue();
                    assertThat(repaired.by()).isEqualTo("anna");
                    assertThat(repaired.change().before()).contains("\"spans\":3", "\"total_cost\":7");
                    assertThat(repaired.change().after()).contains("\"spans\":1", "\"total_cost\":0.0026725");
                });
        assertThat(reconciliations.repairs(done.id()))
                .filteredOn(repaired -> repaired.change().row().equals("__all__"))
                .singleElement()
                .satisfies(repaired -> assertThat(repaired.change().before()).isNull());
    }

    @Test
    void the_last_day_is_reconciled_by_itself_once_there_is_one() {
        rig.traces.store(TestTraces.item("t1", rig.start));
        reconciliations.schedule();
        assertThat(runs.list(null)).as("nothing is a day old").isEmpty();

        rig.clock.advance(Duration.ofHours(25));
        reconciliations.schedule();
        assertThat(finished(runs.list(null).getFirst()).scheduled()).isTrue();
        rig.plant("update reconciliation set started_at = " + "'" + rig.clock.instant() + "'");
        reconciliations.schedule();
        assertThat(runs.list(null)).as("not twice a day").hasSize(1);
    }

    private Order window(Repair repair) {
        return new Order(ComparisonRig.TRACE, noon.minusSeconds(3_600), noon.plusSeconds(3_600), repair, false, "anna");
    }

    private Reconciliation order(Repair repair) {
        return started(reconciliations.order(window(repair)));
    }

    private static Reconciliation started(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Started.class);
        return ((Answer.Started) answer).run();
    }

    private Reconciliation finished(Reconciliation run) {
        return await().atMost(Duration.ofSeconds(30))
                .until(() -> runs.find(run.id()).orElseThrow(), now -> now.state() != State.RUNNING);
    }

    private List<Divergence> wrongSummaries() {
        return rig.traces.audit().verifySummaries(LocalDate.parse("2026-11-21"));
    }

    private void item(String trace, Instant accepted, Instant committed) {
        Item item = rig.traces.store(TestTraces.item(trace, accepted));
        assertThat(rig.sql
                        .sql("update ledger set committed_at = :at where item_key = :key")
                        .param("at", committed.atOffset(ZoneOffset.UTC))
                        .param("key", item.key().value())
                        .update())
                .isOne();
    }

    private void stranger(String trace, Instant stored) {
        rig.sql
                .sql("insert into trace (project_id, id, name, occurred_at, item_key, stored_at)"
                        + " values ('p', :id, 'x', now(), 'p:' || :id || ':0000000000000000', :at)")
                .param("id", trace)
                .param("at", stored.atOffset(ZoneOffset.UTC))
                .update();
    }

    private Reconciliations reconciliations(FullAudit full) {
        return reconciliations(full, MISSING_AFTER, rig.clock);
    }

    private Reconciliations reconciliations(FullAudit full, Duration missingAfter, Clock clock) {
        var repairs = new SummaryRepairs(rig.database);
        var sources = new ReconciliationRun.Sources(
                new LedgerWindow(rig.database),
                full.audit(),
                Optional.of(full),
                new Whereabouts(ComparisonRig.TRACE, rig.inFlight, TestSettled.in(rig.database), rig.ledger),
                rig.divergences,
                repairs);
        return new Reconciliations(
                Map.of(ComparisonRig.TRACE, sources), runs, repairs, "here", Duration.ofDays(1), missingAfter, clock);
    }

    /** @param forOrphans what happens when it looks for them */
    private record Looking(FullAudit sound, Runnable forOrphans) implements FullAudit {

        @Override
        public Workload workload() {
            return sound.workload();
        }

        @Override
        public ResultAudit audit() {
            return sound.audit();
        }

        @Override
        public List<Divergence> unaccounted(Instant from, Instant until) {
            return sound.unaccounted(from, until);
        }

        @Override
        public List<Divergence> orphans(Instant from, Instant until) {
            forOrphans.run();
            return sound.orphans(from, until);
        }

        @Override
        public Set<LocalDate> summaryDays(Instant from, Instant until) {
            return sound.summaryDays(from, until);
        }

        @Override
        public List<SummaryChange> planRepair(LocalDate day) {
            return sound.planRepair(day);
        }

        @Override
        public List<SummaryChange> repairSummaries(LocalDate day, long run, String actor) {
            return sound.repairSummaries(day, run, actor);
        }
    }
}
