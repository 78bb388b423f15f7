package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.ShuntApplication;
import dev.shunt.bridge.Client.Answer;
import dev.shunt.embedded.RedisServerHandle;
import dev.shunt.embedded.TemporalServerHandle;
import dev.shunt.embedded.TestBackends;
import io.lettuce.core.RedisClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowStub;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** A completed rollout does without Redis, and without anything else that the legacy route was. */
class RetirementTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration LATER = Duration.ofMinutes(4);
    private static final int SENDERS = 8;
    private static final String ROLLOUT = "/api/v1/rollouts/trace";

    private final RedisServerHandle redis = TestBackends.dedicatedRedis();
    private final String jdbcUrl = TestBackends.freshJdbcUrl();
    private final JdbcClient sql = JdbcClient.create(TestBackends.dataSource(jdbcUrl));
    private final String test = jdbcUrl.replaceAll(".*/(\\w+).*", "$1");
    private final String queue = "shunt-trace-retired-" + test;
    private ConfigurableApplicationContext service = start(TestBackends.temporalAddress());

    @AfterEach
    void close() {
        service.close();
        redis.close();
    }

    @Test
    void a_completed_rollout_does_without_redis_also_after_a_restart() throws Exception {
        retire();
        assertSaidWhenSomethingComesIntoRedisAgain();
        redis.stop();
        send("gone", 40);
        assertStoredOnce("gone", 40);
        assertNothingCanGoToLegacy();
        service.close();
        service = start(TestBackends.temporalAddress());
        client().awaitBothRoutes();
        send("again", 20);
        assertStoredOnce("again", 20);
        assertGreen();
    }

    @Test
    @Tag("slow")
    void a_thousand_traces_pass_without_redis_and_are_refused_only_without_temporal() throws Exception {
        retire();
        redis.stop();
        send("gone", 1_000);
        assertStoredOnce("gone", 1_000);
        assertGreen();
        service.close();

        service = start("127.0.0.1:1");
        Answer refused = client().trace(body("nowhere"));
        assertThat(refused.status()).as(refused.body()).isEqualTo(503);
        assertThat(refused.response().headers().firstValueAsLong("Retry-After").orElse(0))
                .isPositive();
        assertThat(client().get("/actuator/health/readiness").status()).isEqualTo(503);
        assertThat(count("select count(*) from stand_in")).isZero();
        service.close();

        service = start(TestBackends.temporalAddress());
        client().awaitBothRoutes();
        assertThat(client().trace(body("nowhere")).text("route")).isEqualTo("TEMPORAL");
        assertStoredOnce("nowhere", 1);
        redis.start();
        assertBackToLegacy();
    }

    @Test
    @Tag("slow")
    @EnabledIf("thereIsAServerWithLists")
    void what_a_person_ends_is_stored_once_unless_it_is_written_down_as_discarded() {
        retire();
        service.close();
        redis.stop();
        service = start(TestBackends.temporalAddress(), "--shunt.roles=ingest,console"); // without workers
        await().atMost(SOON).untilAsserted(() -> accepted(body("ended-terminated")));
        Answer terminated = accepted(body("ended-terminated"));
        Answer cancelled = accepted(body("ended-cancelled"));
        Answer discarded = accepted(body("discarded"));
        String large = "x".repeat(400_000);
        Answer reference = accepted(body("ended-large").replace("\"name\":\"n\"", "\"name\":\"" + large + "\""));
        sql.sql("""
                insert into dead_letter (workload, raw_sha256, item_key, raw, route, reason, attempts, died_at, state)
                values ('trace', '', ?, '', 'TEMPORAL', 'given up by anna: why', 0, clock_timestamp(), 'DISCARDED')
                """)
                .param(discarded.text("workflow_id").substring("trace:".length()))
                .update();
        try (var temporal = new Workflows()) {
            temporal.run(terminated).terminate("by hand");
            temporal.run(reference).terminate("by hand");
            temporal.run(discarded).terminate("by hand");
            temporal.run(cancelled).cancel(); // which the first worker carries out
            service.close();
            service = start(TestBackends.temporalAddress());

            assertStoredOnce("ended", 3);
            assertThat(temporal.run(discarded).describe().getStatus())
                    .isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED);
        }
        assertThat(count("select count(*) from span where trace_id like 'discarded%'"))
                .isZero();
    }

    static boolean thereIsAServerWithLists() {
        return TemporalServerHandle.canRunDevServer();
    }

    /** As the {@code temporal} command sees them. */
    private static final class Workflows implements AutoCloseable {

        private final WorkflowServiceStubs stubs =
                WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                        .setTarget(TestBackends.temporalAddress())
                        .build());

        WorkflowStub run(Answer accepted) {
            return WorkflowClient.newInstance(stubs).newUntypedWorkflowStub(accepted.text("workflow_id"));
        }

        @Override
        public void close() {
            stubs.shutdownNow();
        }
    }

    /** A producer that nobody thought of pushes to the list, once a month. */
    private void assertSaidWhenSomethingComesIntoRedisAgain() {
        client().post("/api/v1/instance/consumers/trace/pause", "");
        var lettuce = RedisClient.create(redis.url());
        var pushed = new AtomicInteger();
        try (var connection = lettuce.connect()) {
            await().atMost(SOON).untilAsserted(() -> {
                // a fetch that was under way when they were paused may take some
                connection.sync().lpush("cognobserve:traces", pushedMessage("late-" + pushed.getAndIncrement()));
                JsonNode said = client().get(ROLLOUT + "/retirement").json();
                assertThat(said.path("redisNeeded").asBoolean()).isTrue();
                assertThat(said.path("waitingFor").path(0).asString())
                        .contains("in Redis again", "messages in the list");
                assertThat(returned()).isPositive();
            });
        } finally {
            lettuce.shutdown();
        }
        client().post("/api/v1/instance/consumers/trace/resume", "");
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(client().get(ROLLOUT + "/retirement")
                            .json()
                            .path("redisNeeded")
                            .asBoolean(true))
                    .isFalse();
            assertThat(returned()).isZero();
        });
        assertThat(count("select count(*) from ledger where state = 'DONE' and subject like 'late-%'"))
                .isEqualTo(pushed.get());
    }

    private String pushedMessage(String id) {
        return "{\"ID\":\"" + id + "-" + test + "\",\"ProjectID\":\"p\",\"Name\":\"n\","
                + "\"Timestamp\":\"2026-01-01T00:00:00Z\",\"Spans\":[]}";
    }

    private double returned() {
        return service.getBean(MeterRegistry.class)
                .get("shunt.retirement.returned")
                .gauge()
                .value();
    }

    /** To 100 %, some items with a registry behind them, and completed. */
    private void retire() {
        client().awaitBothRoutes();
        assertThat(step("start").status()).isEqualTo(200);
        Answer early = client().get(ROLLOUT + "/retirement");
        assertThat(early.json().path("redisNeeded").asBoolean()).isTrue();
        for (int i = 0; i < 5; i++) {
            assertThat(client().trace(body("before-" + i)).text("route")).isEqualTo("TEMPORAL");
        }
        assertStoredOnce("before", 5);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(step("complete").body()).contains("\"COMPLETED\""));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(client().get(ROLLOUT + "/retirement")
                                .json()
                                .path("redisNeeded")
                                .asBoolean(true))
                        .isFalse());
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(client().get(ROLLOUT).body()).contains("nothing of trace is in Redis any more"));
    }

    private void assertNothingCanGoToLegacy() {
        Answer rollback = client().post(ROLLOUT + "/rollback", "");
        assertThat(rollback.status()).isEqualTo(409);
        assertThat(rollback.text("detail")).contains("is completed and Redis is away", "start a Redis");
        assertThat(client().post(ROLLOUT + "/percentage", "{\"percentage\": 50, \"reason\": \"half\"}", "If-Match", "*")
                        .text("detail"))
                .contains("no legacy route to go back to");
        Answer rehearsal = client().post(ROLLOUT + "/rehearsal", "{\"reason\": \"weekly\"}", "If-Match", "*");
        Answer off =
                client().post(ROLLOUT + "/percentage", "{\"percentage\": 0, \"reason\": \"off\"}", "If-Match", "*");
        assertThat(List.of(rehearsal, off)).allSatisfy(refused -> {
            assertThat(refused.status()).as(refused.body()).isEqualTo(409);
            assertThat(refused.text("detail")).isEqualTo(rollback.text("detail"));
        });
        assertThat(client().get(ROLLOUT).json().path("percentage").asInt()).isEqualTo(100);
        assertThat(step("start").text("detail")).contains("no legacy route to go back to");
        assertThat(step("promote").text("detail")).contains("cannot promote from COMPLETED");
        assertThat(client().trace(body("still")).text("route")).isEqualTo("TEMPORAL");
        assertStoredOnce("still", 1);
    }

    private void assertBackToLegacy() {
        await().atMost(SOON)
                .until(() -> client().post(ROLLOUT + "/rollback", "{\"reason\": \"back\"}")
                                .status()
                        == 200);
        JsonNode last = client().get(ROLLOUT).json();
        assertThat(last.path("state").asString()).isEqualTo("ROLLED_BACK");
        assertThat(client().get(ROLLOUT + "/retirement")
                        .json()
                        .path("redisNeeded")
                        .asBoolean())
                .isTrue();
        assertThat(client().trace(body("legacy")).text("route")).isEqualTo("LEGACY");
        assertStoredOnce("legacy", 1);
    }

    private void assertGreen() {
        assertThat(client().get("/actuator/health/readiness").status()).isEqualTo(200);
        assertThat(client().get("/actuator/health").status())
                .as("%s", client().get("/actuator/health").body())
                .isEqualTo(200);
        assertThat(client().get(ROLLOUT).json().path("problems")).isEmpty();
    }

    /** Each a second time too: what was accepted is answered the same, and counts once. */
    private void send(String prefix, int traces) throws InterruptedException, ExecutionException {
        try (var senders = Executors.newFixedThreadPool(SENDERS)) {
            List<Future<?>> sent = new ArrayList<>();
            for (int i = 0; i < traces; i++) {
                String body = body(prefix + "-" + i);
                boolean twice = i % 10 == 0;
                sent.add(senders.submit(() -> {
                    Answer first = accepted(body);
                    if (twice) {
                        assertThat(accepted(body).body()).isEqualTo(first.body());
                    }
                }));
            }
            for (Future<?> one : sent) {
                one.get();
            }
        }
    }

    private Answer accepted(String body) {
        Answer answer = client().trace(body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        assertThat(answer.text("route")).isEqualTo("TEMPORAL");
        assertThat(answer.text("workflow_id")).startsWith("trace:");
        return answer;
    }

    private void assertStoredOnce(String prefix, int traces) {
        String like = " like '" + prefix + "%'";
        await().atMost(LATER)
                .untilAsserted(
                        () -> assertThat(count("select count(*) from ledger where state = 'DONE' and subject" + like))
                                .isEqualTo(traces));
        assertThat(count("select count(*) from ledger where subject" + like)).isEqualTo(traces);
        assertThat(count("select count(*) from span where trace_id" + like)).isEqualTo(traces);
        assertThat(count("select count(*) from ledger where duplicates > 0 and subject" + like))
                .isZero();
        assertThat(count("select count(*) from dead_letter where state <> 'DISCARDED'"))
                .isZero();
        assertThat(count("select coalesce(sum(spans), 0) from daily_cost_summary where model = '__all__'"))
                .isEqualTo(count("select count(*) from span"));
    }

    private long count(String query) {
        return sql.sql(query).query(Long.class).single();
    }

    private Answer step(String step) {
        return client().post(
                        ROLLOUT + "/" + step,
                        "{\"reason\": \"the test retires it\", \"override\": true}",
                        "If-Match",
                        "*");
    }

    private Client client() {
        return new Client(Integer.parseInt(service.getEnvironment().getRequiredProperty("local.server.port")));
    }

    /** The server keeps workflow ids of earlier tests. */
    private String body(String id) {
        return "{\"trace_id\":\"" + id + "-" + test + "\",\"name\":\"n\",\"spans\":[{\"span_id\":\"s\",\"name\":\"s\","
                + "\"model\":\"gpt-4o\",\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":1}}]}";
    }

    private ConfigurableApplicationContext start(String temporal, String... more) {
        var arguments = new ArrayList<>(List.of(more));
        arguments.addAll(arguments(temporal));
        return new SpringApplicationBuilder(ShuntApplication.class)
                .properties(Map.of())
                .run(arguments.toArray(String[]::new));
    }

    private List<String> arguments(String temporal) {
        return List.of(
                "--server.port=0",
                "--shunt.data=target/retirement-" + queue,
                "--spring.datasource.url=" + jdbcUrl,
                "--spring.datasource.hikari.minimum-idle=1",
                "--shunt.redis.url=" + redis.url(),
                "--shunt.temporal.address=" + temporal,
                "--shunt.temporal.start-deadline=10s",
                "--shunt.temporal.late-start-limit=60s",
                "--shunt.shadow.pause-above-cpu=100",
                "--shunt.workloads.trace.task-queue=" + queue,
                "--shunt.rollout.plans.trace.phases[0].percentage=100",
                "--shunt.rollout.plans.trace.phases[0].bake=0s",
                "--shunt.rollout.plans.trace.phases[0].minimum-items=0",
                "--shunt.rollout.plans.trace.gates[0].name=completion",
                "--shunt.rollout.plans.trace.gates[0].mode=hold",
                "--shunt.rollout.plans.trace.keep-legacy=0s");
    }
}
