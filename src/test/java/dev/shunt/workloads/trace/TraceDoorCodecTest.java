package dev.shunt.workloads.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.DoorCodec.Reading;
import dev.shunt.core.Item;
import dev.shunt.core.Route;
import dev.shunt.core.WayIn;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceDoorCodecTest {

    private static final Instant LATER = Wire.NOW.plus(Duration.ofMinutes(3));
    private static final String UNNAMED_SPANS =
            "{\"trace_id\":\"t\",\"name\":\"n\",\"spans\":[{\"name\":\"a\"},{\"span_id\":\"\"}]}";

    @Test
    void an_item_carries_project_trace_and_digest() {
        Item item = Wire.accepted("{\"trace_id\":\"t:1\",\"name\":\"n\"}").item();
        assertThat(item.key().value()).matches("default:t%3A1:[0-9a-f]{16}");
        assertThat(item.routingKey()).isEqualTo("default:t%3A1");
        assertThat(item.wayIn()).isEqualTo(WayIn.HTTP);
        assertThat(item.acceptedAt()).isEqualTo(Wire.NOW);
        assertThat(item.workload()).isEqualTo(TraceWorkload.TRACE);
    }

    @Test
    void the_answer_is_that_of_the_old_ingest_and_the_route() {
        Reading.Read read = Wire.accepted("{\"trace_id\":\"t\",\"name\":\"n\",\"spans\":[{\"span_id\":\"s\"}]}");
        assertThat(new String(read.reply().accepted(Route.LEGACY, null), UTF_8))
                .isEqualTo("{\"trace_id\":\"t\",\"span_ids\":[\"s\"],\"success\":true,\"route\":\"LEGACY\"}\n");
        assertThat(new String(read.reply().accepted(Route.TEMPORAL, "trace:x"), UTF_8))
                .isEqualTo("{\"trace_id\":\"t\",\"span_ids\":[\"s\"],\"success\":true,\"workflow_id\":\"trace:x\","
                        + "\"route\":\"TEMPORAL\"}\n");
    }

    @Test
    void a_repeated_request_answers_the_same_ids_under_the_same_key() {
        Reading.Read first = Wire.accepted(UNNAMED_SPANS);
        Reading.Read second = Wire.accepted(UNNAMED_SPANS, Map.of(), LATER);
        assertThat(second.item().key()).isEqualTo(first.item().key());
        assertThat(Wire.answer(second))
                .isEqualTo(Wire.answer(first))
                .containsPattern("\"[0-9a-f]{32}\",\"[0-9a-f]{32}\"");
        assertThat(second.item().evidence()).isEqualTo(first.item().evidence());
    }

    @Test
    void spans_with_filled_times_keep_their_client_digest_when_repeated_later() {
        TraceMessage first = Wire.decoded(Wire.accepted(UNNAMED_SPANS).item());
        TraceMessage second =
                Wire.decoded(Wire.accepted(UNNAMED_SPANS, Map.of(), LATER).item());
        assertThat(second.spans())
                .extracting(SpanMessage::clientDigest)
                .isEqualTo(first.spans().stream().map(SpanMessage::clientDigest).toList());
        assertThat(second.spans().getFirst().startTime()).isEqualTo(LATER);
        assertThat(first.spans().getFirst().startTime()).isEqualTo(Wire.NOW);
    }

    @Test
    void without_ids_every_request_is_a_trace_of_its_own() {
        String body = "{\"name\":\"n\",\"spans\":[{}]}";
        Reading.Read first = Wire.accepted(body);
        Reading.Read second = Wire.accepted(body);
        assertThat(first.item().key().subject())
                .matches("[0-9a-f]{32}")
                .isNotEqualTo(second.item().key().subject());
        assertThat(first.item().key().digest()).isEqualTo(second.item().key().digest());
        assertThat(Wire.answer(first)).isNotEqualTo(Wire.answer(second));
    }

    @Test
    void an_idempotency_key_names_the_trace() {
        String body = "{\"trace_id\":\"\",\"name\":\"n\",\"spans\":[{}]}";
        Map<String, String> header = Map.of("idempotency-key", "order 7");
        Reading.Read first = Wire.accepted(body, header, Wire.NOW);
        assertThat(Wire.answer(Wire.accepted(body, header, LATER))).isEqualTo(Wire.answer(first));
        assertThat(first.item().key().subject()).matches("[0-9a-f]{32}");
        var elsewhere = (Reading.Read) Wire.door().read("other", header, body.getBytes(UTF_8), Wire.NOW);
        assertThat(elsewhere.item().key().subject())
                .isNotEqualTo(first.item().key().subject());
        assertThat(Wire.accepted("{\"trace_id\":\"mine\",\"name\":\"n\"}", header, Wire.NOW)
                        .item()
                        .key()
                        .subject())
                .isEqualTo("mine");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ \"name\" : \"n\" ,\n\"trace_id\":\"t\", \"metadata\":{\"b\":1.0,\"a\":\"\\u00e9\\/\"}}",
                "{\"metadata\":{\"a\":\"é/\",\"b\":1e0},\"trace_id\":\"t\",\"name\":\"n\"}",
                "{\"metadata\":{\"a\":\"x\",\"b\":100e-2,\"a\":\"é/\"},\"trace_id\":\"t\",\"name\":\"o\",\"name\":\"n\"}"
            })
    void the_key_does_not_depend_on_the_spelling(String body) {
        String plain = "{\"trace_id\":\"t\",\"name\":\"n\",\"metadata\":{\"a\":\"é/\",\"b\":1}}";
        assertThat(Wire.accepted(body).item().key())
                .isEqualTo(Wire.accepted(plain).item().key());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"trace_id\":\"t\",\"name\":\"n\"}",
                "{\"trace_id\":\"t\",\"name\":\"n\",\"metadata\":{\"a\":null}}",
                "{\"trace_id\":\"t\",\"name\":\"n\",\"metadata\":{\"a\":\"1\"}}",
                "{\"trace_id\":\"t\",\"name\":\"n\",\"metadata\":{\"a\":1.0000000000000000000001}}",
                "{\"trace_id\":\"t\",\"name\":\"n\",\"metadata\":{\"a\":[1]}}"
            })
    void other_content_is_another_item(String body) {
        String one = "{\"trace_id\":\"t\",\"name\":\"n\",\"metadata\":{\"a\":1}}";
        assertThat(Wire.accepted(body).item().key())
                .isNotEqualTo(Wire.accepted(one).item().key());
    }

    @Test
    void names_match_in_any_case_and_the_last_one_counts() {
        Item item = Wire.accepted(
                        "{\"Trace_ID\":\"t\",\"name\":\"a\",\"NAME\":\"b\",\"name\":\"c\",\"USER\":{\"NAME\":\"u\"}}")
                .item();
        assertThat(Wire.decoded(item).name()).isEqualTo("c");
        assertThat(Wire.decoded(item).user()).isEqualTo(new TraceMessage.User("u", null, null));
    }

    @Test
    void an_unknown_level_and_unknown_members_are_ignored() {
        TraceMessage trace = Wire.decoded(Wire.accepted(
                        "{\"name\":\"n\",\"tags\":[1],\"spans\":[{\"level\":\"error\",\"x\":{}},{\"level\":\"ERROR\"}]}")
                .item());
        assertThat(trace.spans())
                .extracting(SpanMessage::level)
                .containsExactly(SpanMessage.Level.DEFAULT, SpanMessage.Level.ERROR);
    }

    @Test
    void a_span_sent_twice_is_stored_once_and_answered_twice() {
        Reading.Read read = Wire.accepted(
                "{\"trace_id\":\"t\",\"name\":\"n\",\"spans\":[{\"span_id\":\"s\",\"input\":{\"a\":1,\"b\":2}},"
                        + "{\"input\":{\"b\":2,\"a\":1},\"span_id\":\"s\"}]}");
        assertThat(Wire.decoded(read.item()).spans()).hasSize(1);
        assertThat(Wire.answer(read)).contains("\"span_ids\":[\"s\",\"s\"]");
    }

    @Test
    void a_filled_time_never_makes_a_span_end_before_it_starts() {
        TraceMessage trace =
                Wire.decoded(Wire.accepted("{\"name\":\"n\",\"spans\":[{\"start_time\":\"2050-01-01T00:00:00Z\"},"
                                + "{\"end_time\":\"2020-01-01T00:00:00Z\"}]}")
                        .item());
        assertThat(trace.spans()).allSatisfy(span -> assertThat(span.endTime()).isEqualTo(span.startTime()));
    }

    @Test
    void null_empty_and_zero_stay_what_they_are() {
        SpanMessage span = Wire.decoded(Wire.accepted(
                                "{\"name\":\"n\",\"spans\":[{\"parent_span_id\":\"\",\"model\":\"\",\"input\":{},"
                                        + "\"usage\":{\"prompt_tokens\":0,\"total_tokens\":null},\"status_message\":\"\"}]}")
                        .item())
                .spans()
                .getFirst();
        assertThat(span.parentSpanId()).isEmpty();
        assertThat(span.model()).isEmpty();
        assertThat(span.statusMessage()).isEmpty();
        assertThat(span.input()).isEqualTo("{}");
        assertThat(span.output()).isNull();
        assertThat(span.promptTokens()).isZero();
        assertThat(span.totalTokens()).isNull();
    }

    @Test
    void times_keep_microseconds_and_the_message_keeps_the_offset() {
        Item item = Wire.accepted(
                        "{\"name\":\"n\",\"spans\":[{\"start_time\":\"2026-11-21T21:10:42.123456789+05:30\"}]}")
                .item();
        assertThat(Wire.message(item)).contains("\"StartTime\":\"2026-11-21T21:10:42.123456789+05:30\"");
        assertThat(Wire.decoded(item).spans().getFirst().startTime())
                .isEqualTo(Instant.parse("2026-11-21T15:40:42.123456Z"));
    }
}
