package dev.shunt.workloads.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.FullAudit;
import dev.shunt.core.Item;
import dev.shunt.core.ResultAudit;
import dev.shunt.core.ResultAudit.Accepted;
import dev.shunt.core.Route;
import dev.shunt.embedded.TestBackends;
import dev.shunt.store.LedgerReach;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Faults are planted by SQL; each must be found, with its kind and its place. */
class TraceAuditTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final LocalDate DAY = LocalDate.parse("2026-11-21");

    private static final LedgerReach MONTH = LedgerReach.of(Duration.ofDays(30), Clock.systemUTC());

    private final DataSource database = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(database);
    private final TestTraces traces = new TestTraces(database);
    private final ResultAudit audit = traces.audit();
    private final ResultAudit ofAMonth = traces.audit(MONTH);
    private final Item item = traces.store(TestTraces.item("t1", NOON));

    @BeforeEach
    void another_trace_of_the_same_day() {
        traces.store(TestTraces.item("t2", NOON));
    }

    @AfterEach
    void close() {
        traces.close();
    }

    @Test
    void what_was_stored_as_it_came_has_no_divergence() {
        assertThat(verify()).isEmpty();
        assertThat(audit.verifySummaries(DAY)).isEmpty();
        assertThat(unaccounted()).isEmpty();
        assertThat(audit.summaryDays(List.of(item.key()))).isEqualTo(Set.of(DAY));
    }

    @Test
    void a_changed_field_of_a_span_is_named_with_what_is_stored() {
        plant("update span set end_time = end_time - interval '500 ms' where trace_id = 't1' and id = 's1'");

        assertThat(verify())
                .extracting(Divergence::kind, Divergence::path, Divergence::actual, Divergence::key)
                .containsExactly(tuple(Kind.VALUE, "spans[s1].end_time", "2026-11-21T12:00:01Z", item.key()));
    }

    @Test
    void an_empty_object_that_became_null_in_the_trace_is_a_changed_value() {
        plant("update trace set metadata = null where id = 't1'");

        assertThat(verify())
                .extracting(Divergence::kind, Divergence::path)
                .containsExactly(tuple(Kind.VALUE, "metadata"));
    }

    @Test
    void the_scale_of_a_number_is_no_divergence() {
        plant("update trace set metadata = '{\"n\": 0.1000}' where id = 't1'");

        assertThat(verify()).isEmpty();
    }

    @Test
    void a_rounded_cost_is_found_to_the_last_digit() {
        plant("update span set total_cost = round(total_cost, 6) where trace_id = 't1' and id = 's1'");

        // 1001 * 2.50 / 10^6 + 17 * 10 / 10^6
        assertThat(verify())
                .extracting(Divergence::kind, Divergence::path, Divergence::expected, Divergence::actual)
                .containsExactly(tuple(Kind.VALUE, "spans[s1].total_cost", "0.0026725", "0.002673"));
    }

    @Test
    void a_price_loaded_after_a_span_was_stored_does_not_accuse_it() {
        Item odd = traces.store(TestTraces.item("t3", NOON, TestTraces.span("s1", "nobody-knows-1", 5, 5)));
        plant("""
                insert into model_price (provider, model, effective_from, input_per_million, output_per_million, source,
                                         source_date)
                values ('unknown', 'nobody-knows-1', '2025-01-01', 1, 1, 'test', '2025-01-01')
                """);

        assertThat(audit.verify(List.of(accepted(odd)))).isEmpty();

        plant("update model_price set loaded_at = '2025-01-01' where model = 'nobody-knows-1'");
        assertThat(audit.verify(List.of(accepted(odd))))
                .extracting(Divergence::path, Divergence::expected, Divergence::actual)
                .contains(tuple("spans[s1].price_state", "PRICED", "UNPRICED"));
    }

    @Test
    void a_deleted_span_is_missing_and_the_summary_no_longer_its_sum() {
        plant("delete from span where trace_id = 't1' and id = 's2'");

        assertThat(verify())
                .extracting(Divergence::kind, Divergence::path)
                .containsExactly(tuple(Kind.MISSING, "spans[s2]"));
        assertThat(audit.verifySummaries(DAY))
                .extracting(Divergence::kind, Divergence::path, Divergence::expected, Divergence::actual)
                .contains(
                        tuple(Kind.SUMMARY, "summaries[p/2026-11-21/claude-3-5-sonnet-20241022].spans", "1", "2"),
                        tuple(Kind.SUMMARY, "summaries[p/2026-11-21/__all__].spans", "3", "4"));
    }

    @Test
    void a_deleted_trace_is_missing() {
        plant("delete from span where trace_id = 't1'");
        plant("delete from trace where id = 't1'");

        assertThat(verify())
                .extracting(Divergence::kind, Divergence::path)
                .containsExactly(tuple(Kind.MISSING, "trace"));
    }

    @Test
    void a_trace_nobody_accepted_is_extra() {
        plant("""
                insert into trace (project_id, id, name, occurred_at, item_key)
                values ('p', 'stranger', 'x', now(), 'p:stranger:0000000000000000')
                """);

        assertThat(unaccounted())
                .extracting(Divergence::kind, Divergence::path)
                .containsExactly(tuple(Kind.EXTRA, "traces[p/stranger]"));
    }

    @Test
    void a_span_nobody_sent_is_extra_whoever_it_claims_to_come_from() {
        String copy = """
                insert into span (project_id, trace_id, id, name, start_time, level, price_state, summarised, item_key,
                                  client_digest)
                select project_id, trace_id, '%s', name, start_time, level, 'NONE', true, %s, 0
                from span where trace_id = 't1' and id = 's3'
                """;
        plant(copy.formatted("mine", "item_key"));
        plant(copy.formatted("theirs", "'p:t1:0000000000000000'"));

        assertThat(verify())
                .extracting(Divergence::kind, Divergence::path)
                .containsExactlyInAnyOrder(tuple(Kind.EXTRA, "spans[mine]"), tuple(Kind.EXTRA, "spans[theirs]"));
    }

    @Test
    void two_items_of_one_trace_are_each_verified_by_what_they_wrote() {
        Item second = traces.store(TestTraces.item("t1", NOON, TestTraces.span("s9", "gpt-4o", 1, 1)));

        assertThat(verify()).isEmpty();
        assertThat(audit.verify(List.of(accepted(second)))).isEmpty();
    }

    @Test
    void a_trace_that_goes_on_after_its_first_item_was_forgotten_accuses_nobody() {
        Item second = traces.store(TestTraces.item("t1", NOON, TestTraces.span("s9", "gpt-4o", 1, 1)));
        storedDaysAgo(40, item);
        forget(item);
        plant("update ledger set committed_at = now() - interval '41 days', accepted_on = current_date - 41"
                + " where subject = 't2'"); // one that was kept

        assertThat(audit.verify(List.of(accepted(second))))
                .as("if the ledger reached so far")
                .hasSize(3);
        assertThat(ofAMonth.verify(List.of(accepted(second)))).isEmpty();

        plant(
                "update span set item_key = 'p:t1:0000000000000000', stored_at = now() where trace_id = 't1' and id = 's3'");
        assertThat(ofAMonth.verify(List.of(accepted(second))))
                .extracting(Divergence::kind, Divergence::path)
                .containsExactly(tuple(Kind.EXTRA, "spans[s3]"));
    }

    @Test
    void what_a_shorter_retention_of_before_forgot_accuses_nobody_either() {
        Item second = traces.store(TestTraces.item("t1", NOON, TestTraces.span("s9", "gpt-4o", 1, 1)));
        storedDaysAgo(20, item);
        forget(item);
        plant("update ledger set committed_at = now() - interval '19 days', accepted_on = current_date - 19");
        assertThat(ofAMonth.verify(List.of(accepted(second)))).isEmpty();

        plant("update ledger set committed_at = now() - interval '21 days', accepted_on = current_date - 21"
                + " where subject = 't2'");
        assertThat(ofAMonth.verify(List.of(accepted(second))))
                .extracting(Divergence::path)
                .containsExactlyInAnyOrder("spans[s1]", "spans[s2]", "spans[s3]");
    }

    @Test
    void a_window_that_begins_before_what_the_ledger_knows_makes_nothing_extra() {
        Item second = traces.store(TestTraces.item("t1", NOON, TestTraces.span("s9", "gpt-4o", 1, 1)));
        storedDaysAgo(40, item);
        storedDaysAgo(40, second);
        plant("update session set created_at = now() - interval '40 days', updated_at = now() - interval '40 days',"
                + " id = 'of nobody'");
        forget(item);
        forget(second);
        Instant from = Instant.now().minus(Duration.ofDays(60));
        Instant until = Instant.now().plusSeconds(60);
        FullAudit full = traces.fullAudit(MONTH);

        assertThat(audit.unaccounted(from, until))
                .as("if the ledger reached so far")
                .extracting(Divergence::path)
                .contains("traces[p/t1]", "sessions[p/of nobody]");
        assertThat(traces.fullAudit().orphans(from, until))
                .extracting(Divergence::path)
                .contains("traces[p/t1].spans[s9]", "sessions[p/of nobody]", "sessions[p/session]");
        assertThat(ofAMonth.unaccounted(from, until)).isEmpty();
        assertThat(full.unaccounted(from, until)).isEmpty();
        assertThat(full.orphans(from, until))
                .extracting(Divergence::kind, Divergence::path)
                .as("what the ledger is not asked for is found of any age")
                .containsExactly(tuple(Kind.MISSING, "sessions[p/session]"));
        assertThat(full.unaccounted(from, from.plusSeconds(60))).isEmpty();
        forget("t2");
        assertThat(ofAMonth.unaccounted(from, until))
                .extracting(Divergence::path)
                .containsExactly("traces[p/t2]");
    }

    @Test
    void a_wrong_summary_is_found_and_so_is_one_without_spans() {
        plant("update daily_cost_summary set total_cost = total_cost + 0.0000001 where model = 'gpt-4o'");
        plant("insert into daily_cost_summary values ('p', '2026-11-21', 'ghost', 1, 0, 0, 0, 0, 0, 0, 0)");

        assertThat(audit.verifySummaries(DAY))
                .extracting(Divergence::kind, Divergence::path, Divergence::expected, Divergence::actual)
                .containsExactlyInAnyOrder(
                        tuple(Kind.SUMMARY, "summaries[p/2026-11-21/gpt-4o].total_cost", "0.005345", "0.0053451"),
                        tuple(Kind.SUMMARY, "summaries[p/2026-11-21/ghost]", null, "1 spans, total_cost 0"));
    }

    @Test
    void evidence_that_cannot_be_read_is_said_and_not_taken_for_agreement() {
        Accepted blind = new Accepted(item.key(), TestTraces.onLegacy(item), Route.LEGACY, NOON, "");

        assertThat(audit.verify(List.of(blind)))
                .extracting(Divergence::kind, Divergence::path)
                .containsExactly(tuple(Kind.VALUE, "evidence"));
    }

    @Test
    void a_person_reads_exact_numbers() {
        assertThat(audit.stored("p", "t1").orElseThrow())
                .contains("\"total_cost\" : \"0.0026725\"", "12345678901234567890", "2026-11-21T12:00:01.500000Z");
        assertThat(audit.stored("p", "unheard-of")).isEmpty();
        assertThat(audit.summary("p", DAY))
                .contains(Map.of(
                        "model",
                        "gpt-4o",
                        "spans",
                        2L,
                        "unpricedSpans",
                        0L,
                        "promptTokens",
                        2002L,
                        "completionTokens",
                        34L,
                        "totalTokens",
                        2036L,
                        "inputCost",
                        "0.005005",
                        "outputCost",
                        "0.00034",
                        "totalCost",
                        "0.005345"));
    }

    private List<Divergence> verify() {
        return audit.verify(List.of(accepted(item)));
    }

    private List<Divergence> unaccounted() {
        Instant now = Instant.now();
        return audit.unaccounted(now.minusSeconds(60), now.plusSeconds(60));
    }

    private void storedDaysAgo(int days, Item item) {
        for (String table : List.of("trace", "span")) {
            sql.sql("update " + table + " set stored_at = now() - make_interval(days => ?) where item_key = ?")
                    .params(days, item.key().value())
                    .update();
        }
    }

    private void forget(Item item) {
        sql.sql("delete from ledger where item_key = ?")
                .param(item.key().value())
                .update();
    }

    private void forget(String trace) {
        sql.sql("delete from ledger where subject = ?").param(trace).update();
    }

    private static Accepted accepted(Item item) {
        return new Accepted(item.key(), TestTraces.onLegacy(item), Route.LEGACY, item.acceptedAt(), item.evidence());
    }

    private void plant(String fault) {
        assertThat(sql.sql(fault).update()).isPositive();
    }
}
