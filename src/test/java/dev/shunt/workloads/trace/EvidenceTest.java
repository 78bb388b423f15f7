package dev.shunt.workloads.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.Item;
import dev.shunt.workloads.trace.EvidenceCheck.Difference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvidenceTest {

    private static final String BODY =
            "{\"trace_id\":\"t\",\"session_id\":\"\",\"name\":\"n\",\"metadata\":{\"a\":0.10,\"b\":[1,2]},\"spans\":["
                    + "{\"span_id\":\"839f2bf56f7bac40\",\"name\":\"one\",\"start_time\":\"2026-11-21T21:10:42.018Z\",\"end_time\":\"2026-11-21T21:10:43Z\","
                    + "\"input\":{\"x\":1},\"usage\":{\"prompt_tokens\":0}},"
                    + "{\"span_id\":\"b\",\"name\":\"two\",\"model\":\"gpt-4\"},"
                    + "{\"span_id\":\"cccccccc\",\"name\":\"three\"}]}";

    private final Item item = Wire.accepted(BODY).item();
    private final Evidence evidence = Wire.evidence(item);
    private final TraceMessage stored = Wire.decoded(item);

    @Test
    void every_recorded_request_agrees_with_its_own_message() {
        for (String sample : Wire.samples()) {
            Item posted = Wire.accepted(sample).item();
            assertThat(EvidenceCheck.compare(Wire.evidence(posted), Wire.decoded(posted)))
                    .isEmpty();
            Item pushed = Wire.tapped(Wire.message(posted));
            assertThat(EvidenceCheck.compare(Wire.evidence(pushed), Wire.decoded(pushed)))
                    .isEmpty();
        }
    }

    @Test
    void evidence_is_text_and_comes_back() {
        assertThat(item.evidence()).matches("[A-Za-z0-9_-]+").hasSizeLessThan(200);
        assertThat(evidence.text()).isEqualTo(item.evidence());
        assertThat(evidence.spans())
                .extracting(Evidence.SpanEvidence::shownId)
                .containsExactly("839f2bf5…", "b", "cccccccc");
        assertThat(evidence.spans())
                .extracting(Evidence.SpanEvidence::filled)
                .containsExactly(Filled.NOTHING, new Filled(true, true), new Filled(true, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "AQ", "not base64!", "AgAA", "AQAAAA"})
    void what_is_no_evidence_is_none(String text) {
        assertThat(Evidence.parse(text)).isEmpty();
    }

    @Test
    void a_cut_or_longer_evidence_is_none() {
        for (int length = 0; length < item.evidence().length(); length++) {
            assertThat(Evidence.parse(item.evidence().substring(0, length))).isEmpty();
        }
        assertThat(Evidence.parse(item.evidence() + "AAAA")).isEmpty();
    }

    @Test
    void the_order_and_spelling_of_stored_rows_does_not_matter() {
        var respelled = new TraceMessage(
                "t",
                "default",
                "",
                null,
                null,
                "n",
                stored.timestamp(),
                "{\"b\": [1.0, 2e0], \"a\": 0.1}",
                stored.spans().reversed(),
                List.of());
        assertThat(EvidenceCheck.compare(evidence, respelled)).isEmpty();
    }

    @Test
    void trace_fields_that_differ_are_named() {
        var other = new TraceMessage(
                "t",
                "default",
                null,
                "",
                null,
                "m",
                stored.timestamp(),
                "{\"a\":0.1,\"b\":[2,1]}",
                stored.spans(),
                List.of());
        assertThat(EvidenceCheck.compare(evidence, other))
                .containsExactly(value("name"), value("session_id"), value("user_id"), value("metadata"));
        assertThat(EvidenceCheck.compare(evidence, other, true, Set.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, spans[839f2bf5…]", "1, spans[b]", "2, spans[cccccccc]"})
    void a_span_field_that_differs_is_named(int index, String path) {
        assertThat(EvidenceCheck.compare(evidence, with(index, span -> renamed(span, "other"))))
                .containsExactly(value(path + ".name"));
    }

    @Test
    void a_microsecond_a_null_and_a_zero_are_differences() {
        assertThat(EvidenceCheck.compare(evidence, with(0, span -> times(span, 1, 0))))
                .containsExactly(value("spans[839f2bf5…].start_time"));
        assertThat(EvidenceCheck.compare(evidence, with(0, span -> times(span, 0, 1))))
                .containsExactly(value("spans[839f2bf5…].end_time"));
        assertThat(EvidenceCheck.compare(evidence, with(0, span -> prompt(span, null))))
                .containsExactly(value("spans[839f2bf5…].prompt_tokens"));
        assertThat(EvidenceCheck.compare(evidence, with(1, span -> prompt(span, 0))))
                .containsExactly(value("spans[b].prompt_tokens"));
    }

    @Test
    void filled_times_are_not_compared() {
        assertThat(EvidenceCheck.compare(evidence, with(1, span -> times(span, 5_000, 5_000))))
                .isEmpty();
    }

    @Test
    void missing_and_extra_spans_are_named() {
        List<SpanMessage> spans = new ArrayList<>(stored.spans());
        SpanMessage lost = spans.removeFirst();
        spans.add(withId(lost, "ffffffffffff"));
        assertThat(EvidenceCheck.compare(evidence, withSpans(spans)))
                .containsExactlyInAnyOrder(
                        new Difference(Kind.MISSING, "spans[839f2bf5…]"),
                        new Difference(Kind.EXTRA, "spans[ffffffff…]"));
    }

    @Test
    void beside_a_missing_span_a_differing_one_is_named_as_a_whole() {
        List<SpanMessage> spans =
                List.of(renamed(stored.spans().get(1), "other"), stored.spans().get(2));
        assertThat(EvidenceCheck.compare(evidence, withSpans(spans)))
                .containsExactlyInAnyOrder(new Difference(Kind.MISSING, "spans[839f2bf5…]"), value("spans[b]"));
    }

    @Test
    void what_another_item_wrote_first_is_not_held_against_this_one() {
        TraceMessage mixed = with(0, span -> renamed(span, "theirs"));
        assertThat(EvidenceCheck.compare(evidence, mixed, false, Set.of("839f2bf56f7bac40")))
                .isEmpty();
        List<SpanMessage> more = new ArrayList<>(stored.spans());
        more.add(withId(stored.spans().getFirst(), "theirs"));
        assertThat(EvidenceCheck.compare(evidence, withSpans(more), false, Set.of("theirs")))
                .isEmpty();
    }

    @Test
    void ids_in_any_script_are_shown_whole_characters_only() {
        assertThat(Evidence.SpanEvidence.shown("😕😕😕")).isEqualTo("😕😕…");
        assertThat(Evidence.SpanEvidence.shown("x😕😕😕")).isEqualTo("x😕…");
        assertThat(Evidence.SpanEvidence.shown("注文は火")).isEqualTo("注文…");
        assertThat(Evidence.SpanEvidence.shown("short")).isEqualTo("short");
    }

    private TraceMessage with(int index, UnaryOperator<SpanMessage> change) {
        List<SpanMessage> spans = new ArrayList<>(stored.spans());
        spans.set(index, change.apply(spans.get(index)));
        return withSpans(spans);
    }

    private TraceMessage withSpans(List<SpanMessage> spans) {
        return new TraceMessage(
                "t", "default", "", null, null, "n", stored.timestamp(), stored.metadata(), spans, List.of());
    }

    private static Difference value(String path) {
        return new Difference(Kind.VALUE, path);
    }

    private static SpanMessage renamed(SpanMessage span, String name) {
        return copy(span, span.id(), name, 0, 0, span.promptTokens());
    }

    private static SpanMessage withId(SpanMessage span, String id) {
        return copy(span, id, span.name(), 0, 0, span.promptTokens());
    }

    private static SpanMessage times(SpanMessage span, int startMicros, int endMicros) {
        return copy(span, span.id(), span.name(), startMicros, endMicros, span.promptTokens());
    }

    private static SpanMessage prompt(SpanMessage span, @Nullable Integer tokens) {
        return copy(span, span.id(), span.name(), 0, 0, tokens);
    }

    private static SpanMessage copy(
            SpanMessage span, String id, String name, int startMicros, int endMicros, @Nullable Integer prompt) {
        return new SpanMessage(
                id,
                span.parentSpanId(),
                name,
                span.startTime().plusNanos(startMicros * 1_000L),
                span.endTime() == null ? null : span.endTime().plusNanos(endMicros * 1_000L),
                span.input(),
                span.output(),
                span.metadata(),
                span.model(),
                span.modelParameters(),
                prompt,
                span.completionTokens(),
                span.totalTokens(),
                span.level(),
                span.statusMessage(),
                0);
    }
}
