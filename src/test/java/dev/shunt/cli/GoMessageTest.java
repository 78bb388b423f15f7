package dev.shunt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class GoMessageTest {

    private static final Instant RECEIVED = Instant.parse("2026-11-21T21:10:42.120450000Z");

    @Test
    void absent_values_are_null_and_present_empty_ones_stay() {
        String request = """
                {"trace_id":"t1","name":"chat","session_id":"","metadata":{},
                 "spans":[{"span_id":"s1","name":"","start_time":"2026-11-21T21:10:42.100Z",
                 "end_time":"2026-11-21T22:10:43+01:00","usage":{"prompt_tokens":0},"level":"fatal"}]}""";

        assertThat(message(request))
                .isEqualTo("{\"ID\":\"t1\",\"ProjectID\":\"demo\",\"SessionID\":\"\",\"UserID\":null,\"User\":null,"
                        + "\"Name\":\"chat\",\"Timestamp\":\"2026-11-21T21:10:42.12045Z\",\"Metadata\":{},"
                        + "\"Spans\":[{\"ID\":\"s1\",\"TraceID\":\"t1\",\"ParentSpanID\":null,\"Name\":\"\","
                        + "\"StartTime\":\"2026-11-21T21:10:42.1Z\",\"EndTime\":\"2026-11-21T22:10:43+01:00\","
                        + "\"Input\":null,\"Output\":null,\"Metadata\":null,\"Model\":null,\"ModelParameters\":null,"
                        + "\"Usage\":{\"PromptTokens\":0,\"CompletionTokens\":null,\"TotalTokens\":null},"
                        + "\"Level\":2,\"StatusMessage\":null}]}");
    }

    @Test
    void a_trace_without_spans_has_an_empty_list_of_them() {
        assertThat(message("{\"trace_id\":\"t1\",\"name\":\"empty\"}")).endsWith(",\"Metadata\":null,\"Spans\":[]}");
    }

    @Test
    void a_user_keeps_three_fields_and_leaves_absent_ones_out() {
        String request =
                "{\"trace_id\":\"t1\",\"name\":\"n\",\"user_id\":\"u\",\"user\":{\"plan\":\"pro\",\"name\":\"Zoë\"}}";

        assertThat(message(request)).contains("\"UserID\":\"u\",\"User\":{\"Name\":\"Zoë\"},\"Name\":\"n\"");
    }

    @Test
    void free_json_has_sorted_keys_escaped_angles_and_numbers_of_64_bits() {
        String metadata = "{\"b\":[1.0,0.70,1e21,1.5e-7,12345678901234567890],\"a\":\"<b> & \\u2028\\u0001\\t\\\"\"}";

        assertThat(message("{\"trace_id\":\"t1\",\"name\":\"n\",\"metadata\":" + metadata + "}"))
                .contains("\"Metadata\":{\"a\":\"\\u003cb\\u003e \\u0026 \\u2028\\u0001\\t\\\"\","
                        + "\"b\":[1,0.7,1e+21,1.5e-7,12345678901234567000]}");
    }

    private static String message(String request) {
        return GoMessage.of("demo", Recordings.JSON.readTree(request), RECEIVED);
    }
}
