package dev.shunt.workloads.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.Sha256;
import dev.shunt.workloads.trace.Json.Obj;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Our messages against what Go's own encoding/json wrote; go-messages.go beside the golden files tells how. */
class GoMessageTest {

    static Stream<Arguments> golden() {
        return Wire.lines("go-messages.jsonl").stream().map(GoMessageTest::pair);
    }

    @ParameterizedTest
    @MethodSource("golden")
    void a_message_is_byte_for_byte_what_go_writes(String request, String message) {
        assertThat(Wire.message(Wire.accepted(request).item())).isEqualTo(message);
    }

    @Test
    void every_recorded_request_becomes_the_message_that_go_writes() {
        List<String> ours = Wire.samples().stream()
                .map(request -> Wire.accepted(request).item().message())
                .map(message -> Sha256.hex(message, 64))
                .toList();
        assertThat(ours).isEqualTo(Wire.lines("go-sample-digests.txt")).hasSize(165);
    }

    @Test
    void every_recorded_request_has_a_key_and_an_answer_of_its_own() {
        var reads = Wire.samples().stream().map(Wire::accepted).toList();
        assertThat(reads).extracting(read -> read.item().key()).doesNotHaveDuplicates();
        IntStream.range(0, reads.size())
                .forEach(i -> assertThat(Wire.answer(reads.get(i)))
                        .as("sample %d", i + 1)
                        .startsWith(
                                "{\"trace_id\":\"" + reads.get(i).item().key().subject() + "\",\"span_ids\":[\""));
    }

    @Test
    void an_empty_user_metadata_object_is_kept_though_go_drops_it() {
        var item = Wire.accepted("{\"trace_id\":\"t\",\"name\":\"n\",\"user\":{\"metadata\":{}}}")
                .item();
        assertThat(Wire.message(item)).contains("\"User\":{\"Metadata\":{}}");
        assertThat(Wire.decoded(item).user()).isEqualTo(new TraceMessage.User(null, null, "{}"));
    }

    private static Arguments pair(String line) {
        try {
            var pair = (Obj) JsonReader.read(line.getBytes(UTF_8), JsonReader.Limits.OF_STORE);
            Members members = Members.exact(pair, "");
            return Arguments.of(members.text("request"), members.text("message"));
        } catch (WireFault broken) {
            throw new IllegalStateException(broken);
        }
    }
}
