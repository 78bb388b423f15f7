package dev.shunt.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.temporal.api.common.v1.Payload;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Traces as large as the door lets in, over HTTP, on both routes. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "shunt.comparison.interval=1s",
            "shunt.temporal.start-deadline=10s",
            "shunt.temporal.late-start-limit=60s"
        })
abstract class LargeTraceSuite {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int DOOR = 5 * 1024 * 1024;
    private static final int SPANS = 1_000;

    @LocalServerPort
    private int port;

    @Value("${shunt.temporal.address}")
    private String temporal;

    @Autowired
    private JdbcClient sql;

    @Autowired
    private DataSource database;

    @BeforeEach
    void beginWithBothRoutesReady() {
        client().awaitBothRoutes();
    }

    @ParameterizedTest
    @CsvSource({"0, LEGACY, 0", "100, TEMPORAL, 3"})
    void traces_of_5_MB_are_stored_once_and_verified(int percent, String route, int claimed) {
        client().percentage(percent);
        String project = "large-" + percent;
        String wide = wide("wide", DOOR);
        String deep = deep("deep", DOOR);

        // Above the limit of the setting, above what a server takes, and the most that the door takes, in two shapes.
        Client.Answer medium = send(project, wide("medium", 300 * 1024));
        Client.Answer first = send(project, wide);
        Client.Answer second = send(project, deep);
        Client.Answer small = send(project, wide("small", 200 * 1024));

        assertThat(List.of(medium, first, second, small)).allSatisfy(answer -> {
            assertThat(answer.status()).as(answer.body()).isEqualTo(202);
            assertThat(answer.text("route")).isEqualTo(route);
        });
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(done(project, route)).isEqualTo(4));
        assertThat(bodies(project)).isEqualTo(claimed);
        assertThat(sql.sql("select length(input::text) from span where project_id = ? and trace_id = 'wide'")
                        .param(project)
                        .query(Long.class)
                        .single())
                .isGreaterThan(DOOR - 1_000L);

        send(project, wide);
        send(project, deep);
        await().atMost(SOON).untilAsserted(() -> assertThat(verified(project)).isEqualTo(4));
        assertThat(sql.sql("select kind, path, expected, actual from divergence")
                        .query()
                        .listOfRows())
                .isEmpty();
        if (route.equals("TEMPORAL")) {
            assertThat(argument(medium.text("workflow_id")))
                    .startsWith("{\"Claimed\":{\"sha256\":\"")
                    .contains("\"Shunt\":{\"key\":\"large-100:medium:", "\"route\":\"TEMPORAL\"")
                    .hasSizeLessThan(1_000);
            assertThat(argument(small.text("workflow_id"))).contains("\"Spans\":");
        }
    }

    @Test
    void a_body_that_cannot_be_kept_sends_its_item_to_legacy() {
        client().percentage(100);
        sql.sql("alter table claimed_body rename to claimed_body_away").update();
        try {
            Client.Answer answer = send("unkept", wide("unkept", DOOR));

            assertThat(answer.status()).as(answer.body()).isEqualTo(202);
            assertThat(answer.text("route")).isEqualTo("LEGACY");
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(done("unkept", "LEGACY")).isEqualTo(1));
        } finally {
            sql.sql("alter table claimed_body_away rename to claimed_body").update();
        }
        assertThat(sql.sql("select reason from ledger where project_id = 'unkept'")
                        .query(String.class)
                        .single())
                .isEqualTo("FALLBACK");
        assertThat(client().get("/actuator/prometheus").body())
                .containsPattern(
                        "shunt_temporal_fallbacks_total\\{cause=\"claim\",reason=\"FALLBACK\",workload=\"trace\"[^}]*} [12]");
    }

    @Test
    void a_store_that_is_slow_with_bodies_leaves_time_for_the_start_and_is_not_taken_for_a_slow_server()
            throws Exception {
        client().percentage(100);
        try (Connection other = database.getConnection()) {
            other.setAutoCommit(false);
            try (Statement lock = other.createStatement()) {
                lock.execute("lock table claimed_body in access exclusive mode");
            }
            // free again after 8.5 of the 10 s in which the workflow has to be started
            var free = CompletableFuture.runAsync(
                    () -> rollback(other), CompletableFuture.delayedExecutor(8_500, TimeUnit.MILLISECONDS));
            Client.Answer answer = send("slow", wide("slow", 300 * 1024));
            free.join();

            assertThat(answer.status()).as(answer.body()).isEqualTo(202);
            assertThat(answer.text("route")).isEqualTo("LEGACY");
        }
        assertThat(client().get("/actuator/prometheus").body())
                .containsPattern("shunt_temporal_fallbacks_total\\{cause=\"claim\",reason=\"FALLBACK\"")
                .doesNotContainPattern("shunt_temporal_fallbacks_total\\{cause=\"deadline\"[^}]*\\} (?!0\\.0)");
    }

    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException gone) {
            throw new IllegalStateException(gone);
        }
    }

    /** One span with a value that hardly compresses. */
    private static String wide(String trace, int bytes) {
        String head = "{\"trace_id\":\"" + trace
                + "\",\"name\":\"n\",\"spans\":[{\"span_id\":\"s\",\"name\":\"s\",\"input\":{\"text\":\"";
        String tail = "\"}}]}";
        var body = new StringBuilder(head);
        var random = new SplittableRandom(trace.hashCode());
        while (body.length() < bytes - tail.length()) {
            body.append((char) ('a' + random.nextInt(26)));
        }
        return body.append(tail).toString();
    }

    /** As many spans as the door takes, without times, so that each adds to the evidence. */
    private static String deep(String trace, int bytes) {
        var body = new StringBuilder("{\"trace_id\":\"" + trace + "\",\"name\":\"n\",\"spans\":[");
        for (int i = 0; i < SPANS; i++) {
            body.append(i == 0 ? "" : ",")
                    .append("{\"span_id\":\"s")
                    .append(i)
                    .append("\",\"name\":\"chat\",\"output\":{\"text\":\"")
                    .append("y".repeat(bytes / SPANS - 80))
                    .append("\"}}");
        }
        return body.append("]}").toString();
    }

    private Client client() {
        return new Client(port);
    }

    private Client.Answer send(String project, String body) {
        return client().trace(body.getBytes(UTF_8), "X-Project-ID", project);
    }

    private long done(String project, String route) {
        return sql.sql("select count(*) from ledger where project_id = ? and executed_route = ? and state = 'DONE'")
                .params(project, route)
                .query(Long.class)
                .single();
    }

    private long verified(String project) {
        return sql.sql("select count(*) from ledger where project_id = ? and checked_at is not null")
                .param(project)
                .query(Long.class)
                .single();
    }

    private long bodies(String project) {
        return sql.sql("select count(*) from claimed_body where item_key like ?")
                .param(project + ":%")
                .query(Long.class)
                .single();
    }

    private String argument(String workflowId) {
        WorkflowServiceStubs stubs = WorkflowServiceStubs.newServiceStubs(
                WorkflowServiceStubsOptions.newBuilder().setTarget(temporal).build());
        try {
            Payload input = WorkflowClient.newInstance(stubs)
                    .fetchHistory(workflowId)
                    .getEvents()
                    .getFirst()
                    .getWorkflowExecutionStartedEventAttributes()
                    .getInput()
                    .getPayloads(0);
            return input.getData().toStringUtf8();
        } finally {
            stubs.shutdownNow();
        }
    }
}
