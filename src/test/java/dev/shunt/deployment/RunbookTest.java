package dev.shunt.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.embedded.TemporalServerHandle;
import dev.shunt.embedded.TestBackends;
import dev.shunt.operations.ProbeServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** What the runbook prints, done as printed and in its order, on a service with a token; the card last, from 10 %. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "shunt.api.token=" + RunbookTest.TOKEN)
@Tag("slow")
class RunbookTest {

    static final String TOKEN = "a-token-of-the-runbook";

    private static final Runbook RUNBOOK = new Runbook(Monitoring.read(Path.of("migration-runbook.md")));
    private static final Runbook CARD = RUNBOOK.chapter("Rollback card");
    private static final Duration SOON = Duration.ofSeconds(20);

    private final HttpClient client = HttpClient.newHttpClient();

    private int week;

    @TempDir
    private Path root;

    @LocalServerPort
    private int port;

    @Autowired
    private ProbeServer probes;

    @Autowired
    private JdbcClient sql;

    @Value("${shunt.redis.url}")
    private String redis;

    @DynamicPropertySource
    static void backends(DynamicPropertyRegistry registry) {
        String database = TestBackends.freshJdbcUrl();
        String redis = TestBackends.freshRedisUrl();
        registry.add("spring.datasource.url", () -> database);
        registry.add("shunt.redis.url", () -> redis);
        registry.add("shunt.temporal.address", TestBackends::temporalAddress);
        registry.add("shunt.workloads.trace.task-queue", () -> "shunt-trace-runbook");
        registry.add("shunt.data", () -> "target/runbook");
        // The way of weeks in seconds: phases without bake, and five verified items without a divergence are enough.
        for (int phase = 0; phase < 3; phase++) {
            String key = "shunt.rollout.plans.trace.phases[" + phase + "].";
            String percentage = List.of("10", "50", "100").get(phase);
            registry.add(key + "percentage", () -> percentage);
            registry.add(key + "bake", () -> "0s");
            registry.add(key + "minimum-items", () -> "1");
        }
        registry.add("shunt.rollout.plans.trace.gates[0].name", () -> "divergence");
        registry.add("shunt.rollout.plans.trace.gates[0].mode", () -> "rollback");
        registry.add("shunt.rollout.plans.trace.gates[0].limit", () -> "0.5");
        // The runbook shows a start that succeeds, and a busy build machine may need more than the usual second for it.
        registry.add("shunt.temporal.start-deadline", () -> "10s");
        registry.add("shunt.temporal.late-start-limit", () -> "60s");
    }

    /** What a reader has: the project's root with a file of settings made from the example, and its scripts. */
    @BeforeEach
    void aProjectsRoot() throws IOException {
        Files.createDirectory(root.resolve("compose"));
        Files.createSymbolicLink(root.resolve("scripts"), Path.of("scripts").toAbsolutePath());
        String settings = Monitoring.read(Path.of("compose", ".env.example"));
        for (var setting : Map.of("SHUNT_API_TOKEN", TOKEN, "SHUNT_PORT", port, "SHUNT_HEALTH_PORT", probes.port())
                .entrySet()) {
            String line = setting.getKey() + "=" + setting.getValue();
            assertThat(settings).containsPattern("(?m)^" + setting.getKey() + "=");
            settings = settings.replaceAll("(?m)^" + setting.getKey() + "=.*$", line);
        }
        Files.writeString(root.resolve("compose").resolve(".env"), settings);
    }

    @Test
    void every_command_prints_what_the_runbook_says() throws IOException {
        var connected = new Runbook.Step(
                "curl -s -H \"Authorization: Bearer $SHUNT_TOKEN\" $SHUNT/api/v1/backends",
                "...\"TEMPORAL\":\"ready\"...");
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertPrinted(connected));
        for (Runbook.Step step : RUNBOOK.steps()) {
            if (step.command().startsWith("temporal ") && !TemporalServerHandle.canRunDevServer()) {
                continue;
            }
            if (step.command().endsWith("/verdict")) {
                sendOnTemporal(5);
            }
            if (step.command().contains(" -X POST ")) {
                assertPrinted(step);
            } else {
                // What is read follows what was done a moment before; a person would look twice, too.
                await(step.command()).atMost(SOON).untilAsserted(() -> assertPrinted(step));
            }
        }
        sqlIsObeyedAndTheCardRollsBack();
        everyCommandInTheTextWorks();
    }

    private void sqlIsObeyedAndTheCardRollsBack() {
        String flag = "curl -s -H \"Authorization: Bearer $SHUNT_TOKEN\" $SHUNT/api/v1/rollouts/trace";
        List<String> statements = RUNBOOK.chapter("Without the API")
                .blocks("sql")
                .getFirst()
                .lines()
                .toList();
        assertThat(sql.sql(statements.getFirst()).update()).isEqualTo(1);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(run(flag).printed()).contains("\"percentage\":10.00,\"enabled\":true"));

        List<String> card = CARD.blocks("sh");
        assertThat(new Bash(root, Map.of("SHUNT", "http://localhost:" + port, "SHUNT_TOKEN", "not the token"))
                        .run(card.getFirst())
                        .printed())
                .contains("\"status\":401");
        assertThat(run(card.getFirst()).printed()).contains("\"stopped\":true", "\"recorded\":true", "\"laggards\":[]");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(run(card.getLast()).printed()).contains("\"complete\":true"));
        // Sent again, it says all that the card explains.
        List<String> explained = CARD.text()
                .lines()
                .filter(line -> line.startsWith("| `\""))
                .map(line -> line.substring(3, line.indexOf('`', 3)))
                .toList();
        assertThat(explained).hasSize(5);
        assertThat(run(card.getFirst()).printed()).contains(explained);

        assertThat(sql.sql(statements.getLast()).update()).isEqualTo(1);
        await().atMost(SOON).untilAsserted(() -> assertThat(run(flag).printed()).contains("\"enabled\":false"));
    }

    private void everyCommandInTheTextWorks() throws IOException {
        String onTemporal = sql.sql("select item_key from ledger where executed_route = 'TEMPORAL' limit 1")
                .query(String.class)
                .single();
        List<String> commands =
                RUNBOOK.commandsInText(Map.of("--workflow-id", "trace:" + onTemporal, "--reason", "a test"));
        assertThat(commands)
                .anyMatch(command -> command.endsWith("/recall"))
                .noneMatch(command -> command.contains("..."))
                .hasSizeGreaterThan(20);
        String givenUp = RUNBOOK.chapter("Dead letters").blocks("sql").getFirst();
        assertThat(sql.sql(givenUp.replace("<item key>", "runbook:given-up:0123456789abcdef"))
                        .update())
                .isEqualTo(1);
        List<String> failed = new ArrayList<>();
        for (String command : commands) {
            if (command.startsWith("select ")) {
                assertThat(sql.sql(command).query().listOfRows()).as(command).isNotEmpty();
            } else if (command.startsWith("redis-cli ")) {
                assertThat(answerOfRedis(command)).as(command).doesNotStartWith("-");
            } else if (!command.contains("temporal ") || TemporalServerHandle.canRunDevServer()) {
                // compose's tool is the same tool in a container
                Bash.Ended ended = run("curl() { command curl --fail-with-body \"$@\"; }; "
                        + command.replace("scripts/temporal cli", "temporal"));
                if (ended.code() != 0) {
                    failed.add("$ " + command + "\n" + ended.printed());
                }
            }
        }
        assertThat(failed).isEmpty();
        assertThat(root.resolve("report.html")).content().contains("<html");
    }

    /** The first line of it. The tool sends the words as they are, and is not wherever this runs. */
    private String answerOfRedis(String command) throws IOException {
        URI address = URI.create(redis);
        try (var socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(5_000);
            String words = command.substring("redis-cli ".length());
            socket.getOutputStream().write((words + "\r\n").getBytes(UTF_8));
            return String.valueOf(new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine());
        }
    }

    @Test
    void the_runbook_holds_the_whole_way_there_and_back() {
        assertThat(RUNBOOK.steps())
                .extracting(Runbook.Step::command)
                .anyMatch(command -> command.endsWith("/preflight"))
                .anyMatch(command -> command.endsWith("/start"))
                .anyMatch(command -> command.endsWith("/rehearsal"))
                .anyMatch(command -> command.endsWith("/promote"))
                .anyMatch(command -> command.endsWith("/complete"))
                .anyMatch(command -> command.endsWith("/rollback"));
    }

    /** What a week brings: traces of all kinds, until that many have gone to Temporal. */
    private void sendOnTemporal(int wanted) throws IOException {
        int sent = 0;
        for (int limit = week + 1_000; sent < wanted && week < limit; week++) {
            String body = "{\"trace_id\":\"week-" + week + "\",\"name\":\"check\",\"spans\":[]}";
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/v1/traces"))
                    .header("Content-Type", "application/json")
                    .header("X-Project-ID", "runbook")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            try {
                String answer = client.send(request, HttpResponse.BodyHandlers.ofString())
                        .body();
                sent += answer.contains("\"route\":\"TEMPORAL\"") ? 1 : 0;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("sending was interrupted", e);
            }
        }
        assertThat(sent).as("traces on Temporal").isEqualTo(wanted);
    }

    private void assertPrinted(Runbook.Step step) {
        String printed = run(step.command()).printed();
        assertThat(step.isPrintedAs(printed))
                .as("$ %s%nprinted: %s%nwanted:  %s", step.command(), printed, step.output())
                .isTrue();
    }

    /** In a shell where the lines for compose have been run, as printed. */
    private Bash.Ended run(String command) {
        String settings =
                CARD.line("compose") + "; " + RUNBOOK.chapter("The way").line("compose") + "; "
                        + RUNBOOK.chapter("Waiting and pausing").line("one process") + "; ";
        return new Bash(root, Map.of("TEMPORAL_ADDRESS", TestBackends.temporalAddress()))
                .run(settings + "export SHUNT_URL=$SHUNT; " + command);
    }
}
