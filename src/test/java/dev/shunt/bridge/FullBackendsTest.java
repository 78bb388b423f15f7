package dev.shunt.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.embedded.FullDisk;
import dev.shunt.embedded.RedisServerHandle;
import dev.shunt.embedded.TestBackends;
import dev.shunt.operations.ProbeServer;
import io.lettuce.core.RedisClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Redis has no memory left, Postgres no disk, or both: nothing accepted is lost, and it goes on by itself. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "shunt.data=target/full-backends",
            "spring.datasource.hikari.minimum-idle=1",
            "shunt.temporal.start-deadline=10s",
            "shunt.temporal.late-start-limit=60s"
        })
@DirtiesContext
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FullBackendsTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    /** Needs pages of its own, however it is compressed. */
    private static final String LONG = new SplittableRandom(7)
            .ints(60_000, 'a', 'z')
            .mapToObj(Character::toString)
            .collect(Collectors.joining());

    private static final RedisServerHandle REDIS = TestBackends.dedicatedRedis();
    private static final FullDisk DISK = FullDisk.make();

    @LocalServerPort
    private int port;

    @Autowired
    private JdbcClient sql;

    @Autowired
    private ProbeServer probes;

    @Autowired
    private MeterRegistry meters;

    @DynamicPropertySource
    static void backends(DynamicPropertyRegistry registry) {
        registry.add("spring.datasource.url", DISK::jdbcUrl);
        registry.add("shunt.redis.url", REDIS::url);
        registry.add("shunt.temporal.address", TestBackends::temporalAddress);
        registry.add("shunt.workloads.trace.task-queue", () -> "shunt-trace-full-backends");
    }

    @Test
    @Order(1)
    void a_redis_without_memory_is_drained_while_postgres_takes_what_comes() {
        Client client = new Client(port);
        client.awaitBothRoutes();
        assertThat(client.post("/api/v1/instance/consumers/trace/pause", "").status())
                .isEqualTo(200);
        post("waits", 20, 202);

        memory("1mb");
        post("comes", 20, 202);
        assertThat(count("select count(*) from stand_in")).isEqualTo(20);

        assertThat(client.post("/api/v1/instance/consumers/trace/resume", "").status())
                .isEqualTo(200);
        await().atMost(SOON).untilAsserted(() -> assertThat(done("waits")).isEqualTo(20));
        assertThat(count("select count(*) from stand_in")).isEqualTo(20);

        memory("0");
        await().atMost(SOON).untilAsserted(() -> assertThat(done("comes")).isEqualTo(20));
        assertThat(count("select count(*) from stand_in")).isZero();
        nothingTwiceAndNothingDead();
    }

    @Test
    @Order(2)
    void a_full_disk_delays_items_of_both_routes_and_kills_none() {
        new Client(port).percentage(50);
        DISK.fill();
        post("delayed", 20, 202);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                new Client(port).get("/api/v1/waiting/trace").body())
                        .contains("53100"));
        assertThat(done("delayed")).isLessThan(20);

        DISK.free();
        await().atMost(SOON).untilAsserted(() -> assertThat(done("delayed")).isEqualTo(20));
        nothingTwiceAndNothingDead();
    }

    @Test
    @Order(3)
    void when_both_are_full_the_door_says_so_and_takes_them_later() {
        DISK.fill();
        memory("1mb");
        await().atMost(SOON).untilAsserted(() -> {
            Client.Answer refused = post("refused", 0);
            assertThat(refused.status()).as(refused.body()).isEqualTo(503);
            assertThat(refused.response().headers().firstValue("Retry-After")).isPresent();
        });
        Client probe = new Client(probes.port());
        await().atMost(SOON).untilAsserted(() -> {
            post("refused", 0);
            assertThat(probe.get("/ready").status()).isEqualTo(503);
            assertThat(probe.get("/ready").body()).contains("items were refused", "53100");
        });
        assertThat(probe.get("/health").status()).isEqualTo(200);
        assertThat(full("redis", "OOM")).isPositive();
        assertThat(full("postgres", "53100")).isPositive();

        DISK.free();
        memory("0");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(post("refused", 0).status()).isEqualTo(202));
        await().atMost(SOON).untilAsserted(() -> assertThat(done("refused")).isEqualTo(1));
        await().atMost(SOON).until(() -> probe.get("/ready").status() == 200);
        nothingTwiceAndNothingDead();
    }

    private void post(String project, int traces, int status) {
        IntStream.range(0, traces).forEach(trace -> {
            Client.Answer answer = post(project, trace);
            assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        });
    }

    private Client.Answer post(String project, int trace) {
        String body = "{\"trace_id\":\"" + trace + "\",\"name\":\"" + LONG
                + "\",\"spans\":[{\"span_id\":\"s\",\"name\":\"s\"}]}";
        return new Client(port).trace(body.getBytes(UTF_8), "X-Project-ID", project);
    }

    private double full(String backend, String reason) {
        return meters.get("shunt.backend.full")
                .tags("backend", backend, "reason", reason)
                .counter()
                .count();
    }

    private void memory(String most) {
        try (RedisClient client = RedisClient.create(REDIS.url());
                var redis = client.connect()) {
            redis.sync().configSet("maxmemory-policy", "noeviction");
            redis.sync().configSet("maxmemory", most);
        }
    }

    private long done(String project) {
        return sql.sql("select count(*) from ledger where project_id = ? and state = 'DONE'")
                .param(project)
                .query(Long.class)
                .single();
    }

    private void nothingTwiceAndNothingDead() {
        assertThat(count("select count(*) from dead_letter")).isZero();
        assertThat(count("select count(*) from ledger where state <> 'DONE'")).isZero();
        assertThat(count("select count(*) from ledger")).isEqualTo(count("select count(*) from span"));
    }

    private long count(String query) {
        return sql.sql(query).query(Long.class).single();
    }
}
