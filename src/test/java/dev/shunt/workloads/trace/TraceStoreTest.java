package dev.shunt.workloads.trace;

import static dev.shunt.workloads.trace.TraceDeliveries.NOON;
import static dev.shunt.workloads.trace.TraceDeliveries.acceptedAt;
import static dev.shunt.workloads.trace.TraceDeliveries.onTemporal;
import static dev.shunt.workloads.trace.TraceDeliveries.span;
import static dev.shunt.workloads.trace.TraceDeliveries.visit;
import static dev.shunt.workloads.trace.TraceDeliveries.work;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.ItemHandler.Outcome;
import dev.shunt.embedded.TestBackends;
import dev.shunt.store.GroupWriter;
import dev.shunt.store.TestLanes;
import dev.shunt.store.Work;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The store's promises, on a real Postgres. */
class TraceStoreTest {

    private final DataSource database = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(database);
    private final GroupWriter<TraceMessage> legacy = TestLanes.open("legacy", database, new TraceStatement(false));
    private final GroupWriter<TraceMessage> temporal = TestLanes.open("temporal", database, new TraceStatement(false));

    @BeforeEach
    void loadPrices() {
        new PriceList(database).load();
    }

    @AfterEach
    void closeLanes() {
        legacy.close();
        temporal.close();
    }

    @Test
    void a_trace_is_stored_with_exact_costs_and_summarised_once() {
        Outcome outcome = writeOne(work("t1", "a", span("s1", "GPT-4o", 1, 1), span("s2", null, null, null)));

        assertThat(outcome).isEqualTo(new Outcome.Stored(false));
        assertThat(row("select input_cost, output_cost, total_cost from span where id = 's1'"))
                .containsEntry("input_cost", new BigDecimal("0.00000250"))
                .hasEntrySatisfying(
                        "total_cost", cost -> assertThat((BigDecimal) cost).isEqualByComparingTo("0.0000125"));
        assertThat(row("select model, spans, total_tokens, total_cost from daily_cost_summary where model = 'gpt-4o'"))
                .containsEntry("spans", 1L)
                .containsEntry("total_tokens", 2L);
        assertThat(count("daily_cost_summary")).isEqualTo(2);
        assertThat(row("select state, executed_route, accepted_at from ledger")).containsEntry("state", "DONE");
    }

    @Test
    void the_same_delivery_again_is_a_replay_and_another_one_a_duplicate() {
        var work = work("t1", "a", span("s1", "gpt-4", 10, 20));
        legacy.write(List.of(work));

        assertThat(legacy.write(List.of(work))).containsExactly(new Outcome.Replayed());
        assertThat(temporal.submit(onTemporal(work), Duration.ofSeconds(4))).isEqualTo(new Outcome.Duplicate());

        assertThat(row("select duplicates, replays from ledger"))
                .containsEntry("duplicates", 1)
                .containsEntry("replays", 1);
        assertThat(row("select spans from daily_cost_summary where model = '__all__'"))
                .containsEntry("spans", 1L);
    }

    @Test
    void an_item_sent_again_on_another_day_gets_no_second_ledger_row() {
        var work = work("t1", "a", span("s1", "gpt-4", 10, 20));
        legacy.write(List.of(work));

        var nextDay = acceptedAt(work, NOON.plus(Duration.ofDays(1)));
        assertThat(legacy.write(List.of(nextDay))).containsExactly(new Outcome.Duplicate());

        assertThat(count("ledger")).isEqualTo(1);
    }

    @Test
    void a_group_may_hold_the_same_item_twice() {
        var work = work("t1", "a", span("s1", "gpt-4", 10, 20));

        assertThat(legacy.write(List.of(work, work)))
                .containsExactly(new Outcome.Stored(false), new Outcome.Replayed());
    }

    @Test
    void one_bad_item_never_fails_its_group() {
        var bad = work("bad", "b", span("s1", "gpt-4", 1, 1, "{\"text\":\"\\u0000\"}"));
        List<Work<TraceMessage>> group = new ArrayList<>();
        IntStream.range(0, 20).forEach(i -> group.add(work("t" + i, "a", span("s1", "gpt-4", 1, 1))));
        group.add(7, bad);

        List<Outcome> outcomes = legacy.write(group);

        assertThat(outcomes.get(7)).isInstanceOf(Outcome.Rejected.class);
        assertThat(outcomes).filteredOn(new Outcome.Stored(false)::equals).hasSize(20);
        assertThat(count("trace")).isEqualTo(20);
    }

    @Test
    void fragments_of_one_trace_merge_and_a_span_with_other_content_is_a_conflict() {
        legacy.write(List.of(work("t1", "a", span("s1", "gpt-4", 1, 1))));
        legacy.write(List.of(work("t1", "b", span("s1", "gpt-4", 999, 1), span("s2", "gpt-4", 2, 2))));

        assertThat(row("select prompt_tokens from span where id = 's1'")).containsEntry("prompt_tokens", 1);
        assertThat(row("select spans, prompt_tokens from daily_cost_summary where model = '__all__'"))
                .containsEntry("spans", 2L)
                .containsEntry("prompt_tokens", 3L);
        assertThat(row("select kind, path from divergence"))
                .containsEntry("kind", "CONFLICT")
                .containsEntry("path", "spans[s1]");
        assertThat(count("ledger")).isEqualTo(2);
    }

    @Test
    void a_session_keeps_the_first_user_it_saw_and_a_user_the_last_name_given() {
        legacy.write(List.of(
                visit("t1", "session", "ann", new TraceMessage.User(" Ann ", null, "{\"plan\":\"pro\"}")),
                visit("t2", "session", "bob", new TraceMessage.User("Bob", null, null))));
        legacy.write(
                List.of(visit("t3", "session", "ann", new TraceMessage.User("Anna ", " ", "{\"plan\":\"free\"}"))));

        assertThat(row("select user_id from session")).containsEntry("user_id", "ann");
        assertThat(row("select name, email, metadata::text as metadata from tracked_user where id = 'ann'"))
                .containsEntry("name", "Anna")
                .containsEntry("email", null)
                .containsEntry("metadata", "{\"plan\": \"pro\"}");
    }

    @Test
    void the_price_in_force_at_the_spans_start_counts_and_an_unknown_model_has_no_cost() {
        sql.sql("insert into model_price (provider, model, effective_from, effective_to, input_per_million,"
                        + " output_per_million, source, source_date) values"
                        + " ('openai', 'gpt-4-test', '2026-01-01', '2026-11-21T12:00Z', 1, 1, 'test', '2026-01-01'),"
                        + " ('openai', 'gpt-4-test', '2026-11-21T12:00Z', null, 2, 2, 'test', '2026-01-01')")
                .update();
        legacy.write(List.of(work(
                "t1",
                "a",
                span("before", "gpt-4-test", 1_000_000, null, NOON.minusSeconds(1)),
                span("after", "gpt-4-test", 1_000_000, null, NOON),
                span("unknown", "my-model", 5, 5, NOON))));

        assertThat(row("select total_cost from span where id = 'before'"))
                .hasEntrySatisfying(
                        "total_cost", cost -> assertThat((BigDecimal) cost).isEqualByComparingTo("1"));
        assertThat(row("select total_cost from span where id = 'after'"))
                .hasEntrySatisfying(
                        "total_cost", cost -> assertThat((BigDecimal) cost).isEqualByComparingTo("2"));
        assertThat(row("select total_cost, price_state from span where id = 'unknown'"))
                .containsEntry("total_cost", null)
                .containsEntry("price_state", "UNPRICED");
        assertThat(row("select unpriced_spans, total_tokens from daily_cost_summary where model = 'my-model'"))
                .containsEntry("unpriced_spans", 1L)
                .containsEntry("total_tokens", 10L);
    }

    @Test
    void deferred_steps_end_at_the_same_rows_as_the_group_statement_however_often_they_run() {
        GroupWriter<TraceMessage> deferred = TestLanes.open("legacy", database, new TraceStatement(true));
        var inline = work("inline", "a", span("s1", "gpt-4o", 123, 456), span("s2", "nobody", 1, 1));
        var later = work("later", "b", span("s1", "gpt-4o", 123, 456), span("s2", "nobody", 1, 1));
        legacy.write(List.of(inline));
        List<Map<String, Object>> once = summaries();

        assertThat(deferred.write(List.of(later))).containsExactly(new Outcome.Stored(true));
        assertThat(row("select state from ledger where subject = 'later'")).containsEntry("state", "PENDING");
        var pending = new PendingSpans(TraceWorkload.TRACE, database);
        for (int i = 0; i < 3; i++) {
            pending.price(later.delivery().key());
            pending.summarise(later.delivery().key());
        }

        assertThat(row("select state from ledger where subject = 'later'")).containsEntry("state", "DONE");
        assertThat(summaries())
                .usingRecursiveComparison()
                .withComparatorForType(BigDecimal::compareTo, BigDecimal.class)
                .isEqualTo(doubled(once));
        deferred.close();
    }

    @Test
    void times_far_away_and_json_numbers_keep_their_exact_values() {
        legacy.write(List.of(work(
                "t1",
                "a",
                span("s1", null, null, null, "{\"big\": 12345678901234567890, \"small\": 0.1, \"scaled\": 1.10}"))));

        assertThat(row("select input::text as input from span"))
                .containsEntry("input", "{\"big\": 12345678901234567890, \"small\": 0.1, \"scaled\": 1.10}");
        assertThat(row("select occurred_at = '2026-11-21T12:00:00.123456Z' as exact from trace"))
                .containsEntry("exact", true);
    }

    /** Every delivery any number of times, on both lanes at once, in any grouping: each span counts once. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatever_is_delivered_twice_counts_once(long seed) throws Exception {
        var random = new Random(seed);
        List<Work<TraceMessage>> works = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            SpanMessage[] spans = IntStream.range(0, random.nextInt(4))
                    .mapToObj(n -> span("s" + n, random.nextBoolean() ? "gpt-4o" : "other", random.nextInt(50), 3))
                    .toArray(SpanMessage[]::new);
            works.add(work("t" + i, "a", spans));
        }
        List<Work<TraceMessage>> deliveries = new ArrayList<>(works);
        IntStream.range(0, 120).forEach(i -> deliveries.add(works.get(random.nextInt(works.size()))));
        Collections.shuffle(deliveries, random);
        List<List<Work<TraceMessage>>> groups = new ArrayList<>();
        for (int at = 0; at < deliveries.size(); ) {
            int to = Math.min(deliveries.size(), at + 1 + random.nextInt(30));
            groups.add(deliveries.subList(at, to));
            at = to;
        }
        Thread other = Thread.ofPlatform()
                .start(() -> groups.forEach(group -> temporal.write(group.reversed().stream()
                        .map(TraceDeliveries::onTemporal)
                        .toList())));
        groups.forEach(legacy::write);
        other.join();

        long spans = works.stream().mapToLong(w -> w.content().spans().size()).sum();
        long summarised = works.stream()
                .flatMap(w -> w.content().spans().stream())
                .filter(span -> Billing.of(span).summaryModel() != null)
                .count();
        long tokens = works.stream()
                .flatMap(w -> w.content().spans().stream())
                .mapToLong(span -> Objects.requireNonNull(span.promptTokens()) + 3L)
                .sum();
        assertThat(count("trace")).as("seed %s", seed).isEqualTo(60);
        assertThat(count("ledger")).as("seed %s", seed).isEqualTo(60);
        assertThat(count("span")).as("seed %s", seed).isEqualTo(spans);
        assertThat(row("select spans, total_tokens from daily_cost_summary where model = '__all__'"))
                .as("seed %s", seed)
                .containsEntry("spans", summarised)
                .containsEntry("total_tokens", tokens);
        assertThat(row("select sum(duplicates + replays) as again from ledger"))
                .as("seed %s", seed)
                .containsEntry("again", 2L * deliveries.size() - 60);
    }

    private Outcome writeOne(Work<TraceMessage> work) {
        return legacy.write(List.of(work)).getFirst();
    }

    private Map<String, Object> row(String query) {
        return sql.sql(query).query().singleRow();
    }

    private long count(String table) {
        return sql.sql("select count(*) from " + table).query(Long.class).single();
    }

    private List<Map<String, Object>> summaries() {
        return sql.sql(
                        "select model, spans, unpriced_spans, total_tokens, total_cost from daily_cost_summary order by model")
                .query()
                .listOfRows();
    }

    private static List<Map<String, Object>> doubled(List<Map<String, Object>> rows) {
        rows.forEach(row -> row.replaceAll((column, value) -> switch (value) {
            case Long n -> 2 * n;
            case BigDecimal n -> n.multiply(BigDecimal.TWO);
            default -> value;
        }));
        return rows;
    }
}
