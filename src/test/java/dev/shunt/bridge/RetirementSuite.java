package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.ShuntApplication;
import dev.shunt.bridge.Client.Answer;
import dev.shunt.embedded.RedisServerHandle;
import dev.shunt.embedded.TestBackends;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A service of its own, on a Redis of its own, whose rollout can be completed as soon as nothing stands against it. */
abstract class RetirementSuite {

    static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration LATER = Duration.ofMinutes(4);
    private static final int SENDERS = 8;
    private static final int ENOUGH = 20;
    static final String ROLLOUT = "/api/v1/rollouts/trace";

    final RedisServerHandle redis = TestBackends.dedicatedRedis();
    private final String jdbcUrl = TestBackends.freshJdbcUrl();
    final JdbcClient sql = JdbcClient.create(TestBackends.dataSource(jdbcUrl));
    final String test = jdbcUrl.replaceAll(".*/(\\w+).*", "$1");
    private final String queue = "shunt-trace-retired-" + test;
    ConfigurableApplicationContext service = start(TestBackends.temporalAddress());

    @AfterEach
    void close() {
        service.close();
        redis.close();
    }

    /** To 100 %, some items with a registry behind them, and completed: the check list passes, nothing is passed over. */
    void retire() {
        client().awaitBothRoutes();
        assertThat(step("start").status()).isEqualTo(200);
        Answer early = client().get(ROLLOUT + "/retirement");
        assertThat(early.json().path("redisNeeded").asBoolean()).isTrue();
        for (int i = 0; i < ENOUGH; i++) {
            assertThat(client().trace(body("before-" + i)).text("route")).isEqualTo("TEMPORAL");
        }
        assertStoredOnce("before", ENOUGH);
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

    void assertGreen() {
        assertThat(client().get("/actuator/health/readiness").status()).isEqualTo(200);
        assertThat(client().get("/actuator/health").status())
                .as("%s", client().get("/actuator/health").body())
                .isEqualTo(200);
        assertThat(client().get(ROLLOUT).json().path("problems")).isEmpty();
    }

    /** Each a second time too: what was accepted is answered the same, and counts once. */
    void send(String prefix, int traces) throws InterruptedException, ExecutionException {
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

    Answer accepted(String body) {
        Answer answer = client().trace(body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        assertThat(answer.text("route")).isEqualTo("TEMPORAL");
        assertThat(answer.text("workflow_id")).startsWith("trace:");
        return answer;
    }

    void assertStoredOnce(String prefix, int traces) {
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

    long count(String query) {
        return sql.sql(query).query(Long.class).single();
    }

    /** A step as a plan allows it: nothing is overridden. */
    Answer step(String step) {
        return client().post(
                        ROLLOUT + "/" + step,
                        "{\"reason\": \"the test retires it\"}",
                        "If-Match",
                        "*");
    }

    Client client() {
        return new Client(Integer.parseInt(service.getEnvironment().getRequiredProperty("local.server.port")));
    }

    /** The server keeps workflow ids of earlier tests. */
    String body(String id) {
        return "{\"trace_id\":\"" + id + "-" + test + "\",\"name\":\"n\",\"spans\":[{\"span_id\":\"s\",\"name\":\"s\","
                + "\"model\":\"gpt-4o\",\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":1}}]}";
    }

    ConfigurableApplicationContext start(String temporal, String... more) {
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
                "--shunt.rollout.plans.trace.gates[0].limit=0.5", // which few items can prove
                "--shunt.rollout.plans.trace.keep-legacy=0s");
    }
}
