package dev.shunt.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the door takes and refuses, and how it says so. */
class DoorTest extends BridgeSuite {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"spans\":[]}|name is required",
                "[]|invalid request body",
                "{\"name\":\"n\"|invalid request body",
                "{\"name\":\"n\",\"metadata\":[]}|metadata",
                "{\"name\":\"n\",\"spans\":[{\"name\":\"s\",\"usage\":{\"prompt_tokens\":-1}}]}|spans[0].usage.prompt_tokens must be 0..2147483647, was -1",
                "{\"name\":\"n\",\"spans\":[{\"name\":\"s\",\"start_time\":\"yesterday\"}]}|spans[0].start_time",
                "{\"name\":\"n\",\"spans\":[{\"name\":\"s\",\"start_time\":\"1999-12-31T23:59:59Z\"}]}|spans[0].start_time",
                "{\"name\":\"a\\u0000b\"}|name",
                "{\"name\":\"n\",\"spans\":[{\"name\":\"s\",\"start_time\":\"2026-01-02T00:00:00Z\",\"end_time\":\"2026-01-01T00:00:00Z\"}]}|spans[0].end_time",
            })
    void a_refusal_names_the_field(String body, String named) {
        Client.Answer answer = send("refused", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains(named);
        assertThat(answer.response().headers().firstValue("content-type").orElse(""))
                .startsWith("text/plain");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data",
                "multipart/form-data; boundary=b"
            })
    void the_body_counts_whatever_type_it_claims_to_be_of(String type) {
        Client.Answer answer = client().trace("{\"name\":\"typed\"}".getBytes(UTF_8), "Content-Type", type);

        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    }

    @Test
    void a_body_over_the_limit_is_refused_with_413_and_an_id_over_128_characters_with_400() {
        assertThat(send("refused", "{\"name\":\"" + "x".repeat(5 * 1024 * 1024) + "\"}")
                        .status())
                .isEqualTo(413);
        Client.Answer tooLong = send("refused", "{\"name\":\"n\",\"trace_id\":\"" + "x".repeat(129) + "\"}");
        assertThat(tooLong.status()).isEqualTo(400);
        assertThat(tooLong.body()).contains("trace_id");
    }

    @Test
    void above_what_the_door_takes_in_hand_it_says_when_to_come_again_and_takes_no_more_bytes() throws IOException {
        List<Socket> slow = new ArrayList<>();
        byte[] blank = new byte[5_000_000]; // nothing but a size: 400 if there is room for it
        try {
            for (int i = 0; i < 24; i++) {
                slow.add(unfinished());
            }
            assertThat(client().trace(blank).status())
                    .as("24 of 5 MB leave room for one of 128 MB")
                    .isEqualTo(400);

            slow.add(unfinished());

            var refused = await().atMost(SOON).until(() -> client().trace(blank), answer -> answer.status() == 503);
            assertThat(refused.response().headers().firstValueAsLong("Retry-After"))
                    .hasValue(1);
            assertThat(client().trace("{\"name\":\"small\"}").status()).isEqualTo(202);
        } finally {
            for (Socket one : slow) {
                one.close();
            }
        }
        await().atMost(SOON).until(() -> client().trace(blank).status() == 400);
    }

    /** A request of 5 MB whose body does not come. */
    private Socket unfinished() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream()
                .write("POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Length: 5242880\r\n\r\n{".getBytes(UTF_8));
        socket.getOutputStream().flush();
        return socket;
    }

    @Test
    void a_compressed_body_is_taken_and_measured_by_what_it_inflates_to() throws IOException {
        byte[] body = "{\"name\":\"n\",\"trace_id\":\"zipped\"}".getBytes(UTF_8);
        assertThat(sendZipped(gzip(body), "gzip").status()).isEqualTo(202);
        assertThat(sendZipped(gzip(new byte[6 * 1_000 * 1_000]), "gzip").status())
                .isEqualTo(413);
        assertThat(sendZipped(body, "gzip").status()).isEqualTo(400);
        assertThat(sendZipped(body, "br").status()).isEqualTo(415);
    }

    @Test
    void a_wrong_method_is_named_as_such() {
        Client.Answer answer = client().get("/v1/traces");

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.response().headers().firstValue("Allow")).contains("POST");
        assertThat(client().post("/api/v1/comparison/trace", "{}").status()).isEqualTo(405);
    }

    @ParameterizedTest
    @CsvSource({"/v1/traces, text/plain", "/api/v1/backends, application/problem+json"})
    void what_the_server_itself_refuses_is_no_html(String path, String type) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: nonsense\r\n"
                                    + "Connection: close\r\n\r\n")
                            .getBytes(UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 ").contains(type).doesNotContain("<html");
        }
    }

    private Client.Answer sendZipped(byte[] body, String encoding) {
        return client().trace(body, "X-Project-ID", "zipped", "Content-Encoding", encoding);
    }

    private static byte[] gzip(byte[] body) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write(body);
        }
        return bytes.toByteArray();
    }
}
