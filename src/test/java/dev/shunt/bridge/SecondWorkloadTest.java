package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.embedded.TestBackends;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** A second workload beside the first: its package and its block of configuration are all that is new. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "shunt.data=target/second-workload",
            "shunt.workloads.echo.queue=echo:texts",
            "shunt.workloads.echo.dead-letter-list=echo:dlq",
            "shunt.workloads.echo.feature=echo-to-temporal",
            "shunt.workloads.echo.routing-key=echo",
            "shunt.workloads.echo.task-queue=shunt-echo",
            "shunt.temporal.start-deadline=10s",
            "shunt.temporal.late-start-limit=60s",
            "shunt.shadow.shed-above=60s",
            "shunt.shadow.pause-above-cpu=100"
        })
class SecondWorkloadTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    @LocalServerPort
    private int port;

    @Value("${shunt.redis.url}")
    private String redisUrl;

    @Autowired
    private JdbcClient sql;

    @DynamicPropertySource
    static void backends(DynamicPropertyRegistry registry) {
        Backends.register(registry, TestBackends.freshJdbcUrl(), TestBackends.temporalAddress());
    }

    @Test
    void both_routes_and_both_ways_in_work_for_it() {
        var client = new Client(port);
        assertThat(client.post("/v1/echo", echo("legacy-http")).status()).isEqualTo(202);
        push(echo("legacy-list"));
        awaitStored("legacy-http", "LEGACY");
        awaitStored("legacy-list", "LEGACY");

        Client.Answer raised = client.post(
                "/api/v1/rollouts/echo/percentage",
                "{\"percentage\": 100, \"reason\": \"a second workload\"}",
                "If-Match",
                "*");

        assertThat(raised.status()).as(raised.body()).isEqualTo(200);
        assertThat(client.post("/v1/echo", echo("temporal-http")).status()).isEqualTo(202);
        push(echo("temporal-list"));
        awaitStored("temporal-http", "TEMPORAL");
        awaitStored("temporal-list", "TEMPORAL");
    }

    @Test
    void its_items_are_processed_a_second_time_too() {
        var client = new Client(port);
        client.awaitBothRoutes();
        int sent = 0;
        for (String mode : List.of("OTHER_ROUTE", "SAME_ROUTE")) {
            client.post(
                    "/api/v1/shadow/echo",
                    "{\"percentage\":100,\"mode\":\"" + mode + "\",\"reason\":\"second workload\"}");
            client.post("/v1/echo", echo("twice-" + mode));
            push(echo("twice-from-list-" + mode));
            // the order that is in force when an item is committed is the one that counts
            sent += 2;
            awaitSampled(sent);
        }

        await().atMost(SOON).untilAsserted(() -> {
            JsonNode pairs =
                    client.get("/api/v1/comparison/echo").json().path("pairs").path("routes");
            assertThat(pairs)
                    .as("%s", pairs)
                    .hasSizeGreaterThan(1)
                    .allSatisfy(line -> assertThat(line.path("equal").asLong())
                            .isPositive()
                            .isEqualTo(line.path("sampled").asLong()));
        });
    }

    @Test
    void its_refusals_name_the_field() {
        Client.Answer refused = new Client(port).post("/v1/echo", "{\"id\": \"x\", \"project\": \"p\"}");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).contains("text must be a string");
    }

    private static String echo(String id) {
        return "{\"id\":\"" + id + "\",\"project\":\"p\",\"text\":\"hello\"}";
    }

    private void push(String message) {
        try (var redis = RedisClient.create(redisUrl);
                var connection = redis.connect()) {
            connection.sync().lpush("echo:texts", message);
        }
    }

    private void awaitSampled(int items) {
        await().atMost(SOON).untilAsserted(() -> {
            JsonNode routes = new Client(port)
                    .get("/api/v1/comparison/echo")
                    .json()
                    .path("pairs")
                    .path("routes");
            assertThat(routes.valueStream()
                            .mapToInt(line -> line.path("sampled").asInt())
                            .sum())
                    .isEqualTo(items);
        });
    }

    private void awaitStored(String id, String decided) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                sql.sql("""
                                select l.decided_route from ledger l join echo e on e.item_key = l.item_key
                                where e.id = ? and l.state = 'DONE'
                                """).param(id).query(String.class).list())
                        .containsExactly(decided));
    }
}
