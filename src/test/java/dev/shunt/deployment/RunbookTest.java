package dev.shunt.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.embedded.TestBackends;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class RunbookTest {

    private static final Path RUNBOOK = Path.of("migration-runbook.md");

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
        // The runbook shows a start that succeeds, and a busy build machine may need more than the usual second for it.
        registry.add("shunt.temporal.start-deadline", () -> "10s");
        registry.add("shunt.temporal.late-start-limit", () -> "60s");
        // The last chapter's plan; nobody waits for it to bake here.
        registry.add("shunt.rollout.plans.trace.phases[0].percentage", () -> "100");
        registry.add("shunt.rollout.plans.trace.phases[0].bake", () -> "0s");
        registry.add("shunt.rollout.plans.trace.keep-legacy", () -> "0s");
    }

    @Test
    void every_command_prints_what_the_runbook_says() throws IOException {
        for (Runbook.Step written : Runbook.steps(RUNBOOK)) {
            Runbook.Step step = written.at(port);
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
                .anyMatch(command -> command.contains("\"percentage\": 10,"))
                .anyMatch(command -> command.contains("\"percentage\": 50,"))
                .anyMatch(command -> command.contains("\"percentage\": 100,"))
                .anyMatch(command -> command.endsWith("/rollback"))
                .anyMatch(command -> command.endsWith("/complete"));
    }

    private static void assertPrinted(Runbook.Step step) {
        String printed;
        try {
            printed = step.run();
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
