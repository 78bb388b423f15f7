package dev.shunt.workloads.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.DoorCodec.Reading;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each refusal names its field; golden lines are in docs/wire-formats.md too. */
class TraceRefusalTest {

    static Stream<Arguments> refusals() {
        String longId = "x".repeat(129);
        return Stream.of(
                refusal("", "it is empty"),
                refusal("  \n", "it is empty"),
                refusal("[]", "it must be a JSON object, was an array"),
                refusal("null", "it must be a JSON object, was null"),
                refusal("\"x\"", "it must be a JSON object, was \"x\""),
                refusal("\uFEFF{}", "not JSON: it begins with a byte order mark"),
                refusal("{\"name\":5}", "name must be a string, was 5"),
                refusal("{\"name\":\"n\",\"trace_id\":7}", "trace_id must be a string, was 7"),
                refusal(
                        "{\"name\":\"n\",\"trace_id\":\"" + longId + "\"}",
                        "trace_id must be at most 128 characters, was 129"),
                refusal(
                        "{\"name\":\"n\",\"session_id\":\"" + longId + "\"}",
                        "session_id must be at most 128 characters, was 129"),
                refusal(
                        "{\"name\":\"n\",\"user_id\":\"" + longId + "\"}",
                        "user_id must be at most 128 characters, was 129"),
                refusal("{\"name\":\"n\",\"user\":\"me\"}", "user must be an object, was \"me\""),
                refusal("{\"name\":\"n\",\"user\":{\"name\":{}}}", "user.name must be a string, was an object"),
                refusal("{\"name\":\"n\",\"user\":{\"metadata\":[]}}", "user.metadata must be an object, was an array"),
                refusal("{\"name\":\"n\",\"metadata\":[1]}", "metadata must be an object, was an array"),
                refusal("{\"name\":\"n\",\"spans\":{}}", "spans must be an array, was an object"),
                refusal("{\"name\":\"n\",\"spans\":[{},null]}", "spans[1] must be an object, was null"),
                refusal(
                        "{\"name\":\"n\",\"spans\":[" + "{},".repeat(1_000) + "{}]}",
                        "spans must be at most 1000, was 1001"),
                inSpan("\"span_id\":\"" + longId + "\"", "spans[0].span_id must be at most 128 characters, was 129"),
                inSpan(
                        "\"parent_span_id\":\"" + longId + "\"",
                        "spans[0].parent_span_id must be at most 128 characters, was 129"),
                inSpan(
                        "\"model\":\"" + "m".repeat(257) + "\"",
                        "spans[0].model must be at most 256 characters, was 257"),
                inSpan("\"input\":\"text\"", "spans[0].input must be an object, was \"text\""),
                inSpan("\"output\":[]", "spans[0].output must be an object, was an array"),
                inSpan("\"metadata\":true", "spans[0].metadata must be an object, was true"),
                inSpan("\"model_parameters\":1", "spans[0].model_parameters must be an object, was 1"),
                inSpan("\"level\":3", "spans[0].level must be a string, was 3"),
                inSpan("\"usage\":5", "spans[0].usage must be an object, was 5"),
                inSpan(
                        "\"usage\":{\"prompt_tokens\":-1}",
                        "spans[0].usage.prompt_tokens must be 0..2147483647, was -1"),
                inSpan(
                        "\"usage\":{\"completion_tokens\":2147483648}",
                        "spans[0].usage.completion_tokens must be 0..2147483647, was 2147483648"),
                inSpan(
                        "\"usage\":{\"total_tokens\":1.5}",
                        "spans[0].usage.total_tokens must be 0..2147483647, was 1.5"),
                inSpan(
                        "\"usage\":{\"total_tokens\":1e2}",
                        "spans[0].usage.total_tokens must be 0..2147483647, was 1e2"),
                inSpan(
                        "\"usage\":{\"total_tokens\":\"9\"}",
                        "spans[0].usage.total_tokens must be 0..2147483647, was \"9\""),
                inSpan(
                        "\"start_time\":\"yesterday\"",
                        "spans[0].start_time must be an RFC 3339 time such as 2026-11-21T21:10:42.018Z, was \"yesterday\""),
                inSpan(
                        "\"start_time\":\"\"",
                        "spans[0].start_time must be an RFC 3339 time such as 2026-11-21T21:10:42.018Z, was \"\""),
                inSpan(
                        "\"start_time\":\"2026-02-30T00:00:00Z\"",
                        "spans[0].start_time must be an RFC 3339 time such as 2026-11-21T21:10:42.018Z, was \"2026-02-30T00:00:00Z\""),
                inSpan("\"end_time\":1763759442", "spans[0].end_time must be a string, was 1763759442"),
                inSpan(
                        "\"start_time\":\"1999-12-31T23:59:59Z\"",
                        "spans[0].start_time must be within the years 2000..2100, was \"1999-12-31T23:59:59Z\""),
                inSpan(
                        "\"end_time\":\"2101-01-01T00:00:00Z\"",
                        "spans[0].end_time must be within the years 2000..2100, was \"2101-01-01T00:00:00Z\""),
                inSpan(
                        "\"start_time\":\"2026-01-01T00:00:00.000000001Z\",\"end_time\":\"2026-01-01T01:00:00+01:00\"",
                        "spans[0].end_time must not be before start_time 2026-01-01T00:00:00.000000001Z, was 2026-01-01T01:00:00+01:00"),
                refusal(
                        "{\"name\":\"n\",\"spans\":[{\"span_id\":\"a\"},{\"span_id\":\"a\",\"name\":\"x\"}]}",
                        "spans[1].span_id is used twice with different content: \"a\""),
                refusal("{\"name\":\"a\\u0000b\"}", "name must not contain NUL characters"),
                refusal(
                        "{\"name\":\"n\",\"other\":{\"deep\":[\"\\u0000\"]}}",
                        "other.deep[0] must not contain NUL characters"),
                refusal(
                        "{\"name\":\"n\",\"metadata\":{\"a b\":{\"\\u0000\":1}}}",
                        "metadata[\"a b\"] must not have a name that contains NUL characters"),
                refusal(
                        "{\"name\":\"n\",\"metadata\":{\"x\":1e400}}",
                        "metadata.x must be a number of at most 400 digits before and 400 after the point, was 1e400"),
                refusal(
                        "{\"name\":\"n\",\"metadata\":{\"x\":[0,-1e-401]}}",
                        "metadata.x[1] must be a number of at most 400 digits before and 400 after the point, was -1e-401"),
                refusal(
                        "{\"name\":\"n\",\"metadata\":{\"x\":1e99999999999999999999}}",
                        "metadata.x must be a number of at most 400 digits before and 400 after the point, was 1e99999999999999999999"),
                refusal(
                        "{\"name\":\"n\",\"metadata\":" + "{\"a\":".repeat(64) + "1" + "}".repeat(65),
                        ".a must not be nested deeper than 64 levels"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void a_refusal_names_the_field(String body, String problem) {
        Reading reading = Wire.post(body);
        assertThat(reading).isInstanceOf(Reading.Refused.class);
        var refused = (Reading.Refused) reading;
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.message()).startsWith("invalid request body: ").endsWith(problem);
        if (!problem.startsWith(".")) {
            assertThat(refused.message()).isEqualTo("invalid request body: " + problem);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{}", "{\"name\":\"\"}", "{\"name\":null}", "{\"spans\":[]}"})
    void a_name_is_required_in_the_old_words(String body) {
        assertThat(Wire.post(body)).isEqualTo(new Reading.Refused(400, "name is required"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"name\":\"n\"} x",
                "{\"name\":\"n\"}{}",
                "{\"name\":\"n\"",
                "{\"name\":\"n\",}",
                "{name:1}",
                "{\"name\":NaN}",
                "{\"name\":\"n\",\"metadata\":{\"x\":Infinity}}",
                "{\"name\":\"n\",\"metadata\":{\"x\":01}}",
                "{\"name\":\"n\",\"metadata\":{\"x\":.5}}",
                "{\"name\":\"n\",\"metadata\":{\"x\":+1}}",
                "{\"name\":\"bad \\x\"}",
                "/* */ {\"name\":\"n\"}",
                "nul"
            })
    void what_is_not_json_is_refused_as_such(String body) {
        Reading reading = Wire.post(body);
        assertThat(reading).as(body).isInstanceOf(Reading.Refused.class);
        assertThat(((Reading.Refused) reading).message())
                .startsWith("invalid request body: not JSON: ")
                .doesNotContain("\n")
                .doesNotContain("tools.jackson");
    }

    @Test
    void what_is_at_a_bound_is_accepted() {
        String id = "é".repeat(128);
        Wire.accepted("{\"name\":\"n\",\"trace_id\":\"" + id + "\",\"spans\":[" + "{},".repeat(999) + "{}]}");
        Wire.accepted("{\"name\":\"n\",\"metadata\":" + "{\"a\":".repeat(62) + "{}" + "}".repeat(63));
        Wire.accepted(
                "{\"name\":\"n\",\"metadata\":{\"max\":1.7976931348623157e308,\"min\":5e-324,\"big\":1e399,\"small\":1e-400}}");
        Wire.accepted("{\"name\":\"n\",\"spans\":[{\"usage\":{\"prompt_tokens\":2147483647,\"total_tokens\":-0},"
                + "\"start_time\":\"2000-01-01T00:00:00Z\",\"end_time\":\"2100-12-31T23:59:59.999Z\"}]}");
    }

    @Test
    void the_project_and_the_idempotency_key_have_bounds() {
        assertThat(Wire.door().read("p".repeat(129), Map.of(), "{}".getBytes(UTF_8), Wire.NOW))
                .isEqualTo(new Reading.Refused(
                        400, "invalid request body: X-Project-ID must be at most 128 characters, was 129"));
        assertThat(Wire.door().read("p", Map.of("idempotency-key", ""), "{\"name\":\"n\"}".getBytes(UTF_8), Wire.NOW))
                .isEqualTo(new Reading.Refused(
                        400, "invalid request body: idempotency-key must be 1..255 characters, was 0"));
        assertThat(Wire.door()
                        .read(
                                "p",
                                Map.of("idempotency-key", "k".repeat(256)),
                                "{\"name\":\"n\"}".getBytes(UTF_8),
                                Wire.NOW))
                .isEqualTo(new Reading.Refused(
                        400, "invalid request body: idempotency-key must be 1..255 characters, was 256"));
    }

    @Test
    void bytes_that_are_not_utf_8_become_replacement_characters() {
        byte[] body = "{\"name\":\"a?b\"}".getBytes(UTF_8);
        body[10] = (byte) 0xff;
        var read = (Reading.Read) Wire.door().read("p", Map.of(), body, Wire.NOW);
        assertThat(Wire.decoded(read.item()).name()).isEqualTo("a\uFFFDb");
    }

    private static Arguments refusal(String body, String problem) {
        return Arguments.of(body, problem);
    }

    private static Arguments inSpan(String member, String problem) {
        return refusal("{\"name\":\"n\",\"spans\":[{" + member + "}]}", problem);
    }
}
