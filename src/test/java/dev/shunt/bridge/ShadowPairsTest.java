package dev.shunt.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.cli.Commands;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Items that are processed a second time with their effects kept apart: where nothing is wrong, both runs agree. And what a
 * shell is told of all that was compared.
 */
@TestPropertySource(properties = {"shunt.data=target/shadow", "shunt.shadow.timeout=12s"})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("slow")
class ShadowPairsTest extends ShadowSuite {

    private static final Path SAMPLES = Path.of("src/main/resources/demo/requests.jsonl");

    private final StringWriter printed = new StringWriter();

    @Test
    @Order(1)
    void nothing_is_processed_twice_before_somebody_orders_it() {
        JsonNode shown = client().get("/api/v1/shadow/trace").json();
        assertThat(shown.path("active").asBoolean(true)).isFalse();

        send("quiet", "{\"name\":\"n\"}");
        awaitDone("quiet", 1);

        assertThat(pairs().path("sampled").asLong(-1)).isZero();
        assertThat(sql.sql("select to_regnamespace('shunt_shadow')::text")
                        .query(String.class)
                        .optional())
                .isEmpty();
    }

    @Test
    @Order(2)
    void at_fifty_percent_all_pairs_are_equal_whichever_route_is_the_primary() throws IOException {
        client().percentage(50);
        order(100, "OTHER_ROUTE");
        List<String> bodies = new ArrayList<>(Files.readAllLines(SAMPLES));
        for (int trace = 0; trace < 12; trace++) {
            for (String span : List.of("a", "b", "b2", "c")) {
                bodies.add(fragment(trace, span));
            }
        }
        bodies.forEach(body -> send("pairs", body));
        long items = awaitAllDone("pairs");

        JsonNode pairs = awaitPairs(items);
        assertThat(divergences()).isEmpty();
        assertThat(pairs.path("differing").asLong()).isZero();
        assertThat(pairs.path("compared").asLong()).as("%s", pairs).isEqualTo(items);
        assertThat(pairs.path("upperBound").asDouble()).isBetween(0.0, 3.1 / items);
        assertThat(comparedOf(pairs, "LEGACY", "TEMPORAL")).isPositive();
        assertThat(comparedOf(pairs, "TEMPORAL", "LEGACY")).isPositive();
        nothingIsPrivateAnyMore();
        assertThat(sql.sql("select count(*) from ledger where project_id like '~%'")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void each_route_agrees_with_itself() throws IOException {
        long before = comparedOf(pairs(), "LEGACY", "LEGACY");
        order(100, "SAME_ROUTE");
        List<String> bodies = Files.readAllLines(SAMPLES).subList(0, 60);
        bodies.forEach(body -> send("same-legacy", body));
        long onLegacy = awaitAllDone("same-legacy");
        client().percentage(100);
        bodies.forEach(body -> send("same-temporal", body));
        long onTemporal = awaitAllDone("same-temporal");

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(comparedOf(pairs(), "LEGACY", "LEGACY") - before).isEqualTo(onLegacy);
            assertThat(comparedOf(pairs(), "TEMPORAL", "TEMPORAL")).isEqualTo(onTemporal);
        });
        assertThat(divergences()).isEmpty();
    }

    @Test
    void what_is_too_large_is_shed() {
        long shed = pairs().path("shed").asLong();
        order(100, "OTHER_ROUTE");
        send("large", "{\"name\":\"n\",\"metadata\":{\"text\":\"" + "x".repeat(1_100_000) + "\"}}");
        awaitDone("large", 1);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(pairs().path("shed").asLong()).isEqualTo(shed + 1));
    }

    @Test
    void a_rollback_suspends_it_until_a_person_orders_it_again() {
        order(100, "OTHER_ROUTE");

        client().post("/api/v1/rollouts/trace/rollback", "{\"reason\":\"rehearsal\"}");

        JsonNode shown = client().get("/api/v1/shadow/trace").json();
        assertThat(shown.path("suspended").asBoolean()).isTrue();
        assertThat(shown.path("active").asBoolean(true)).isFalse();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(sql.sql(
                                        "select suspended from shadow_setting where workload = 'trace' order by id desc limit 1")
                                .query(Boolean.class)
                                .single())
                        .isTrue());
        assertThat(order(10, "OTHER_ROUTE").path("active").asBoolean()).isTrue();
    }

    @Test
    void an_order_that_makes_no_sense_is_refused_by_name() {
        assertThat(client().post("/api/v1/shadow/trace", "{\"percentage\":101,\"reason\":\"r\"}")
                        .body())
                .contains("percentage must be 0..100");
        assertThat(client().post("/api/v1/shadow/trace", "{\"percentage\":1,\"reason\":\"r\",\"mode\":\"BOTH\"}")
                        .body())
                .contains("mode must be one of");
        assertThat(client().post("/api/v1/shadow/trace", "{\"percentage\":1}").body())
                .contains("reason must say why");
    }

    @Test
    void the_report_is_written_by_a_command_as_a_page_as_text_and_as_data(@TempDir Path folder) throws IOException {
        Instant from = Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.SECONDS);
        Instant until = from.plusSeconds(3_600);
        for (int percentage : List.of(0, 100)) {
            client().percentage(percentage);
            send("reported", "{\"name\":\"n\",\"trace_id\":\"t" + percentage + "\"}");
        }
        awaitDone("reported", 2);

        // as docs/comparator.md writes it
        assertThat(report(folder, "html", from, until)).isZero();
        assertThat(report(folder, "markdown", from, until)).isZero();
        assertThat(report(folder, "json", from, until)).isZero();

        String window = from.toString().replace("T", " ").replace("Z", "") + " to ";
        assertThat(folder.resolve("report.html"))
                .content()
                .startsWith("<!DOCTYPE html>")
                .contains(window, "accept to commit, legacy", "accept to commit, temporal")
                .endsWith("</html>\n");
        assertThat(folder.resolve("report.markdown"))
                .content()
                .startsWith("# Shunt: trace\n")
                .contains(window, "## Phases", "accept to commit, legacy", "accept to commit, temporal");
        JsonNode data = JsonMapper.shared().readTree(folder.resolve("report.json"));
        assertThat(data.path("workload").asString()).isEqualTo("trace");
        assertThat(data.path("from").asString()).isEqualTo(from.toString());
        assertThat(data.path("until").asString()).isEqualTo(until.toString());
        assertThat(data.at("/comparison/routes/LEGACY/accepted").asLong()).isPositive();
        assertThat(data.at("/comparison/routes/TEMPORAL/accepted").asLong()).isPositive();
        assertThat(data.at("/verdict/sentence").asString()).isNotEmpty();
        assertThat(printed.toString()).contains(folder.resolve("report.json").toString());

        assertThat(report(folder, "pdf", from, until))
                .as("a format that is none")
                .isEqualTo(2);
        assertThat(report(folder, "html", until, from))
                .as("ends before it begins")
                .isEqualTo(2);
        assertThat(printed.toString()).contains("pdf", "--from must be before --to");
    }

    @Test
    void a_shell_that_reconciles_learns_by_the_exit_code_what_came_of_it() throws IOException, InterruptedException {
        send(
                "shell",
                "{\"name\":\"n\",\"trace_id\":\"t\",\"spans\":[{\"name\":\"s\",\"model\":\"gpt-4o\","
                        + "\"usage\":{\"prompt_tokens\":3}}]}");
        awaitDone("shell", 1);
        String from = Instant.now().minusSeconds(3_600).toString();
        String until = Instant.now().plusSeconds(60).toString();

        assertThat(shuntctl("reconcile", from, until))
                .as("nothing found: %s", printed)
                .isZero();
        assertThat(shuntctl("reconcile", "--repair", "apply", from, until))
                .as("no dry run before: %s", printed)
                .isEqualTo(1);
        sql.sql("update daily_cost_summary set spans = spans + 7 where project_id = 'shell'")
                .update();
        assertThat(shuntctl("reconcile", "--repair", "dry-run", from, until))
                .as("found: %s", printed)
                .isEqualTo(3);
        assertThat(shuntctl("reconcile", "--repair", "apply", from, until))
                .as("repaired: %s", printed)
                .isEqualTo(3);
        assertThat(shuntctl("reconcile", from, until))
                .as("nothing left: %s", printed)
                .isZero();
        assertThat(shuntctl("reconcile", "--repair"))
                .as("repair how? %s", printed)
                .isEqualTo(2);
        assertThat(shuntctl("reconcile", "--repair", "perhaps"))
                .as("no such repair: %s", printed)
                .isEqualTo(2);
    }

    private int report(Path folder, String format, Instant from, Instant until) {
        var out = new PrintWriter(printed, true);
        return Commands.line()
                .setOut(out)
                .setErr(out)
                .execute(
                        "report",
                        "--url=http://127.0.0.1:" + port,
                        "--from=" + from,
                        "--to=" + until,
                        "--format=" + format,
                        "--out=" + folder.resolve("report." + format));
    }

    private int shuntctl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("scripts/shuntctl"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SHUNT_URL", "http://127.0.0.1:" + port);
        Process process = builder.start();
        process.getOutputStream().close();
        printed.write(new String(process.getInputStream().readAllBytes(), UTF_8));
        return process.waitFor();
    }

    private static long comparedOf(JsonNode pairs, String primary, String shadow) {
        return sum(pairs, primary, shadow, "compared");
    }

    private JsonNode awaitPairs(long sampled) {
        await().atMost(SOON).until(() -> {
            JsonNode pairs = pairs();
            return pairs.path("sampled").asLong() >= sampled
                    && pairs.path("waiting").asLong() == 0;
        });
        return pairs();
    }

    /** Some samples are the same request twice. */
    private long awaitAllDone(String project) {
        await().during(Duration.ofMillis(500)).atMost(SOON).until(() -> booked() == 0);
        return count("project_id = ? and state = 'DONE'", project);
    }

    private long booked() {
        return client().get("/api/v1/comparison/trace")
                .json()
                .at("/conservation/inFlight")
                .asLong(-1);
    }

    private void nothingIsPrivateAnyMore() {
        for (String table :
                List.of("trace", "span", "session", "tracked_user", "daily_cost_summary", "project", "ledger")) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(sql.sql("select count(*) from shunt_shadow." + table)
                                    .query(Long.class)
                                    .single())
                            .as(table)
                            .isZero());
        }
    }

    /** Of one trace, with spans that come twice with other content and sessions that change their user. */
    private static String fragment(int trace, String span) {
        return "{\"trace_id\":\"fragmented-" + trace + "\",\"name\":\"" + span + "\",\"session_id\":\"s" + trace % 5
                + "\",\"user_id\":\"u" + trace % 3 + "\",\"spans\":[{\"span_id\":\"" + span.charAt(0)
                + "\",\"name\":\"" + span + "\",\"model\":\"gpt-4o\",\"usage\":{\"prompt_tokens\":3}}]}";
    }
}
