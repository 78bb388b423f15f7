package dev.shunt.workloads.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.Item;
import dev.shunt.core.MessageCodec.Reading;
import dev.shunt.core.Sha256;
import dev.shunt.core.WayIn;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceMessageCodecTest {

    private static final Instant SENT = Instant.parse("2026-11-21T21:00:00.5Z");

    @Test
    void a_message_is_an_item_by_its_raw_bytes() {
        String message = message("");
        Item item = Wire.tapped(message);
        assertThat(item.key().value()).isEqualTo("p:t:" + Sha256.hex(message, 16));
        assertThat(item.routingKey()).isEqualTo("p:t");
        assertThat(item.wayIn()).isEqualTo(WayIn.TAP);
        assertThat(item.message()).isEqualTo(message.getBytes(UTF_8));
        assertThat(Wire.tapped(message + " ").key()).isNotEqualTo(item.key());
    }

    @Test
    void content_goes_on_decoded_unless_a_time_was_filled_in() {
        assertThat(Wire.tap(message("\"StartTime\":\"2026-11-21T00:00:00Z\"")))
                .isInstanceOfSatisfying(
                        Reading.Read.class, read -> assertThat(read.decoded()).isEqualTo(Wire.decoded(read.item())));
        assertThat(Wire.tap("{\"ID\":\"t\",\"ProjectID\":\"p\",\"Name\":\"n\",\"Timestamp\":\"\",\"Spans\":[]}"))
                .isInstanceOfSatisfying(
                        Reading.Read.class, read -> assertThat(read.decoded()).isNull());
    }

    @Test
    void an_http_request_and_its_message_decode_to_the_same_content() {
        for (String sample : Wire.samples()) {
            Item posted = Wire.accepted(sample).item();
            Item pushed = Wire.tapped(Wire.message(posted));
            assertThat(Wire.decoded(pushed)).isEqualTo(Wire.decoded(posted));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "none",
            value = {
                "\"StartTime\":\"2026-11-21T21:10:42.1234567+02:00\" | 2026-11-21T19:10:42.123456Z",
                "\"StartTime\":\"2026-11-21\"            | 2026-11-21T00:00:00Z",
                "\"StartTime\":\"2026-11-21 10:00:00\"   | 2026-11-21T10:00:00Z",
                "\"StartTime\":\"2026-11-21T10:00\"      | 2026-11-21T10:00:00Z",
                "\"StartTime\":\"2026-11-21t10:00:00+0200\" | 2026-11-21T08:00:00Z",
                "\"StartTime\":1795305600000             | 2026-11-22T00:00:00Z",
            })
    void times_that_the_old_worker_read_are_read(String member, Instant start) {
        TraceMessage trace = Wire.decoded(Wire.tapped(message(member)));
        assertThat(trace.spans().getFirst().startTime()).isEqualTo(start);
        assertThat(trace.tolerated()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"StartTime\":\"\"",
                "\"StartTime\":null",
                "\"StartTime\":\"soon\"",
                "\"StartTime\":\"0001-01-01T00:00:00Z\"",
                "\"StartTime\":\"1999-12-31T23:59:59.999Z\"",
                "\"StartTime\":1e999",
                "\"StartTime\":{}",
                "\"StartTime\":true"
            })
    void a_senseless_start_becomes_the_messages_time(String member) {
        TraceMessage trace = Wire.decoded(Wire.tapped(message(member)));
        assertThat(trace.spans().getFirst().startTime()).isEqualTo(SENT);
        assertThat(trace.tolerated()).containsExactly("Spans[0].StartTime");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "none",
            value = {
                "\"EndTime\":null | none | 0",
                "\"EndTime\":\"\" | none | 0",
                "\"EndTime\":\"soon\" | 2026-11-21T21:00:00.5Z | 1",
                "\"EndTime\":\"0001-01-01T00:00:00Z\" | 2026-11-21T21:00:00.5Z | 1",
                "\"EndTime\":\"2026-11-21T22:00:00Z\" | 2026-11-21T22:00:00Z | 0"
            })
    void an_end_may_be_absent(String member, Instant end, int tolerated) {
        TraceMessage trace = Wire.decoded(Wire.tapped(message(member)));
        assertThat(trace.spans().getFirst().endTime()).isEqualTo(end);
        assertThat(trace.tolerated()).hasSize(tolerated);
    }

    @Test
    void a_senseless_message_time_becomes_the_acceptance() {
        Item item =
                Wire.tapped("{\"ID\":\"t\",\"ProjectID\":\"p\",\"Name\":\"n\",\"Timestamp\":\"0001-01-01T00:00:00Z\","
                        + "\"Spans\":[{\"ID\":\"s\",\"TraceID\":\"t\",\"Name\":\"x\",\"StartTime\":\"\"}]}");
        TraceMessage trace = Wire.decoded(item);
        assertThat(trace.timestamp()).isEqualTo(Wire.NOW);
        assertThat(trace.spans().getFirst().startTime()).isEqualTo(Wire.NOW);
        assertThat(trace.tolerated()).containsExactly("Timestamp", "Spans[0].StartTime");
        assertThat(EvidenceCheck.compare(Wire.evidence(item), trace)).isEmpty();
        assertThat(Wire.evidence(item).spans().getFirst().filled()).isEqualTo(new Filled(true, false));
    }

    @ParameterizedTest
    @CsvSource({
        "0,DEFAULT",
        "1,DEBUG",
        "2.0,DEFAULT",
        "3,WARNING",
        "4,ERROR",
        "5,DEFAULT",
        "-1,DEFAULT",
        "'\"4\"',DEFAULT",
        "null,DEFAULT",
        "1e99,DEFAULT"
    })
    void levels_are_numbers(String sent, SpanMessage.Level level) {
        Item item = Wire.tapped(message("\"Level\":" + sent));
        assertThat(Wire.decoded(item).spans().getFirst().level()).isEqualTo(level);
        assertThat(EvidenceCheck.compare(Wire.evidence(item), Wire.decoded(item)))
                .isEmpty();
    }

    @Test
    void free_json_may_be_anything_and_keeps_its_numbers() {
        SpanMessage span = Wire.decoded(Wire.tapped(
                        message("\"Input\":\"text\",\"Output\":[1.10,12345678901234567890],\"Metadata\":0")))
                .spans()
                .getFirst();
        assertThat(span.input()).isEqualTo("\"text\"");
        assertThat(span.output()).isEqualTo("[1.10,12345678901234567890]");
        assertThat(span.metadata()).isEqualTo("0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"5.0 | 5", "1e2 | 100", "-7 | -7", "0 | 0", "2147483647 | 2147483647"})
    void token_counts_are_whole_numbers_however_written(String sent, int count) {
        Item item = Wire.tapped(message("\"Usage\":{\"PromptTokens\":" + sent + "}"));
        assertThat(Wire.decoded(item).spans().getFirst().promptTokens()).isEqualTo(count);
        assertThat(EvidenceCheck.compare(Wire.evidence(item), Wire.decoded(item)))
                .isEmpty();
    }

    @Test
    void a_span_without_an_id_gets_the_same_one_at_every_delivery() {
        String message = "{\"ID\":\"t\",\"ProjectID\":\"p\",\"Name\":\"n\",\"Timestamp\":\"2026-11-21T21:00:00Z\","
                + "\"Spans\":[{\"TraceID\":\"other\",\"Name\":\"x\",\"StartTime\":\"2026-11-21T21:00:00Z\"}]}";
        TraceMessage first = Wire.decoded(Wire.tapped(message));
        assertThat(first).isEqualTo(Wire.decoded(Wire.tapped(message)));
        assertThat(first.spans().getFirst().id()).matches("[0-9a-f]{32}");
        assertThat(first.tolerated()).containsExactly("Spans[0].ID", "Spans[0].TraceID");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "null | the message must be a JSON object, was null",
                "[] | the message must be a JSON object, was an array",
                "{\"ProjectID\":\"p\"} | ID is required",
                "{\"ID\":\"\",\"ProjectID\":\"p\"} | ID is required",
                "{\"ID\":\"t\"} | ProjectID is required",
                "{\"id\":\"t\",\"projectid\":\"p\"} | ID is required",
                "{\"ID\":7,\"ProjectID\":\"p\"} | ID must be a string, was 7",
                "{\"ID\":\"t\",\"ProjectID\":\"p\",\"Spans\":[]} | Name must be a string, was null",
                "{\"ID\":\"t\",\"ProjectID\":\"p\",\"Name\":\"n\"} | Spans must be an array, was null",
                "{\"ID\":\"t\",\"ProjectID\":\"p\",\"Name\":\"n\",\"Spans\":[null]} | Spans[0] must be an object, was null",
                "{\"ID\":\"t\",\"ProjectID\":\"p\",\"Name\":\"n\\u0000\",\"Spans\":[]} | Name must not contain NUL characters",
                "{\"ID\":\"t\",\"ProjectID\":\"p\",\"Name\":\"n\",\"SessionID\":1,\"Spans\":[]} | SessionID must be a string, was 1"
            })
    void what_cannot_be_held_is_undecodable_and_named(String message, String reason) {
        assertThat(Wire.tap(message)).isEqualTo(new Reading.Undecodable(reason));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"Usage\":{\"PromptTokens\":2147483648} | Spans[0].Usage.PromptTokens must be an integer of 32 bits, was 2147483648",
                "\"Usage\":{\"PromptTokens\":0.5} | Spans[0].Usage.PromptTokens must be an integer of 32 bits, was 0.5",
                "\"Usage\":{\"PromptTokens\":1e131071} | Spans[0].Usage.PromptTokens must be an integer of 32 bits, was 1e131071",
                "\"Usage\":{\"TotalTokens\":\"9\"} | Spans[0].Usage.TotalTokens must be an integer of 32 bits, was \"9\"",
                "\"Model\":5 | Spans[0].Model must be a string, was 5",
                "\"Input\":{\"a\":1e131072} | Spans[0].Input.a must be a number of at most 131072 digits before and 16383 after the point, was 1e131072"
            })
    void what_a_span_cannot_hold_is_undecodable_and_named(String member, String reason) {
        assertThat(Wire.tap(message(member))).isEqualTo(new Reading.Undecodable(reason));
    }

    @Test
    void one_span_id_with_two_contents_is_undecodable() {
        String span = "{\"ID\":\"s\",\"TraceID\":\"t\",\"Name\":\"%s\",\"StartTime\":\"2026-11-21T21:00:00Z\"}";
        String twice =
                "{\"ID\":\"t\",\"ProjectID\":\"p\",\"Name\":\"n\",\"Timestamp\":\"2026-11-21T21:00:00Z\",\"Spans\":["
                        + span + "," + span + "]}";
        assertThat(Wire.tap(twice.formatted("x", "y")))
                .isEqualTo(new Reading.Undecodable("Spans[1].ID is used twice with different content: \"s\""));
        TraceMessage same = Wire.decoded(Wire.tapped(twice.formatted("x", "x")));
        assertThat(same.spans()).hasSize(1);
        assertThat(same.tolerated()).containsExactly("Spans[1]");
    }

    private static String message(String member) {
        String start = member.contains("StartTime") ? "" : ",\"StartTime\":\"2026-11-21T21:10:42Z\"";
        return "{\"ID\":\"t\",\"ProjectID\":\"p\",\"Name\":\"n\",\"Timestamp\":\"2026-11-21T21:00:00.5Z\",\"Spans\":["
                + "{\"ID\":\"s\",\"TraceID\":\"t\",\"Name\":\"x\"" + start + (member.isEmpty() ? "" : "," + member)
                + "}]}";
    }
}
