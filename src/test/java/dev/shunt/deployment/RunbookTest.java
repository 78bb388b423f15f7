package dev.shunt.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.embedded.TemporalServerHandle;
import dev.shunt.embedded.TestBackends;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class RunbookTest {

    private static final Path RUNBOOK = Path.of("migration-runbook.md");

    private final HttpClient client = HttpClient.newHttpClient();

    private int week;

    @LocalServerPort
    private int port;

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

    @Test
    void every_command_prints_what_the_runbook_says() throws IOException {
        var connected = new Runbook.Step(
                "curl -s http://localhost:" + port + "/api/v1/backends", "...\"TEMPORAL\":\"ready\"...");
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertPrinted(connected));
        for (Runbook.Step written : Runbook.steps(RUNBOOK)) {
            if (written.command().startsWith("temporal ") && !TemporalServerHandle.canRunDevServer()) {
                continue;
            }
            Runbook.Step step = written.at(port);
            if (written.command().endsWith("/verdict")) {
                sendOnTemporal(5);
            }
            if (written.command().contains(" -X POST ")) {
                assertPrinted(step);
            } else {
                // What is read follows what was done a moment before; a person would look twice, too.
                await(step.command()).atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertPrinted(step));
            }
        }
    }

    @Test
    void the_runbook_holds_the_whole_way_there_and_back() throws IOException {
        assertThat(Runbook.steps(RUNBOOK))
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

    private static void assertPrinted(Runbook.Step step) {
        String printed;
        try {
            printed = step.run(TestBackends.temporalAddress());
        } catch (IOException e) {
            throw new AssertionError(step.command() + " could not be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(step.command() + " was interrupted", e);
        }
        assertThat(step.isPrintedAs(printed))
                .as("$ %s%nprinted: %s%nwanted:  %s", step.command(), printed, step.output())
                .isTrue();
    }
}
