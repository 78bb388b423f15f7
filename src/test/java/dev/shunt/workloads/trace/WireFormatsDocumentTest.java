package dev.shunt.workloads.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.Bucket;
import dev.shunt.core.DoorCodec.Reading;
import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples of docs/wire-formats.md are what the code does; {@code -Dshunt.golden=write} writes them anew. */
class WireFormatsDocumentTest {

    private static final Path DOCUMENT = Path.of("docs", "wire-formats.md");
    private static final Pattern EXAMPLE =
            Pattern.compile("(<!-- example: (\\w+) -->\n```\\w+\n)(.*?)(```\n)", Pattern.DOTALL);

    private static final String REQUEST = """
            {"trace_id":"b2e9ea70eed6615e3f4da72c85bcac0e","session_id":"session-1","user_id":"user-5",
             "user":{"name":"User 5","plan":"free"},"name":"chat","metadata":{"release":"2026.11.13","ratio":0.10},
             "spans":[{"span_id":"839f2bf56f7bac403fcb0c14578420b9","name":"generate",
               "start_time":"2026-11-21T21:10:42.120+01:00","end_time":"2026-11-21T21:10:43+01:00",
               "input":{"question":"<b>ship it</b> & tell no one?"},"output":{"answer":"No.","finish_reason":"stop"},
               "model":"gpt-4o","model_parameters":{},"usage":{"prompt_tokens":100,"completion_tokens":0},"level":"WARNING"}]}
            """;

    private static final List<String> REFUSED = List.of(
            "{\"spans\":[]}",
            "",
            "{\"name\":\"n\"} {}",
            "[]",
            "{\"name\":5}",
            "{\"name\":\"a\\u0000b\"}",
            "{\"name\":\"n\",\"metadata\":{\"x\":1e400}}",
            "{\"name\":\"n\",\"spans\":[{\"input\":\"text\"}]}",
            "{\"name\":\"n\",\"spans\":[{\"usage\":{\"prompt_tokens\":-1}}]}",
            "{\"name\":\"n\",\"spans\":[{\"start_time\":\"yesterday\"}]}",
            "{\"name\":\"n\",\"spans\":[{\"start_time\":\"1999-12-31T23:59:59Z\"}]}",
            "{\"name\":\"n\",\"spans\":[{\"start_time\":\"2026-11-21T10:00:01Z\",\"end_time\":\"2026-11-21T10:00:00Z\"}]}",
            "{\"name\":\"n\",\"spans\":[{\"span_id\":\"a\"},{\"span_id\":\"a\",\"name\":\"x\"}]}");

    @Test
    void every_example_in_the_document_is_what_the_code_does() throws IOException {
        String written = Files.readString(DOCUMENT);
        String golden = EXAMPLE.matcher(written)
                .replaceAll(
                        found -> Matcher.quoteReplacement(found.group(1) + example(found.group(2)) + found.group(4)));
        if ("write".equals(System.getProperty("shunt.golden"))) {
            Files.writeString(DOCUMENT, golden);
        }
        assertThat(Files.readString(DOCUMENT)).isEqualTo(golden);
        assertThat(EXAMPLE.matcher(golden).results().map(found -> found.group(2)))
                .containsExactly("request", "answer", "refusals", "message", "stamped");
    }

    private static String example(String name) {
        Reading.Read read = Wire.accepted(REQUEST);
        return switch (name) {
            case "request" -> REQUEST;
            case "answer" ->
                new String(
                        read.reply()
                                .accepted(Route.TEMPORAL, "trace:" + read.item().key()),
                        UTF_8);
            case "message" -> Wire.message(read.item()) + "\n";
            case "stamped" -> stamped();
            case "refusals" -> refusals();
            default -> throw new IllegalArgumentException("no example is called " + name);
        };
    }

    private static String stamped() {
        var item = Wire.accepted("{\"trace_id\":\"t-1\",\"name\":\"n\"}").item();
        var decision = RouteDecision.byFlag(new Bucket(812), new Percentage(1_000), new Epoch(7));
        return new String(item.stamp(decision).appendTo(item.message()), UTF_8) + "\n";
    }

    private static String refusals() {
        var lines = new StringBuilder();
        for (String body : REFUSED) {
            lines.append(body.isEmpty() ? "(empty)" : body).append('\n');
            lines.append("    ")
                    .append(((Reading.Refused) Wire.post(body)).message())
                    .append('\n');
        }
        return lines.toString();
    }
}
