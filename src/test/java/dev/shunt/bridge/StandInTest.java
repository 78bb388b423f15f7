package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.embedded.DedicatedPostgres;
import dev.shunt.embedded.RedisServerHandle;
import dev.shunt.embedded.TestBackends;
import java.time.Duration;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * Redis is away: Postgres takes what the door accepts, and gives it back once. The servers end with the JVM: a service that
 * outlived them would wait for them while it stops.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"shunt.data=target/stand-in", "spring.datasource.hikari.minimum-idle=1"})
@DirtiesContext
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StandInTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final RedisServerHandle REDIS = TestBackends.dedicatedRedis();
    private static final DedicatedPostgres POSTGRES = TestBackends.dedicatedPostgres();

    @LocalServerPort
    private int port;

    @Autowired
    private JdbcClient sql;

    @DynamicPropertySource
    static void backends(DynamicPropertyRegistry registry) {
        registry.add("spring.datasource.url", POSTGRES::jdbcUrl);
        registry.add("shunt.redis.url", REDIS::url);
        registry.add("shunt.temporal.address", TestBackends::temporalAddress);
        registry.add("shunt.workloads.trace.task-queue", () -> "shunt-trace-stand-in");
    }

    @Test
    @Order(1)
    void items_accepted_while_redis_is_dead_are_stored_once_when_it_is_back() {
        post("before");
        assertThat(new Client(port).get("/actuator/health").body()).contains("always: an acknowledged item is on disk");
        await().atMost(SOON).untilAsserted(() -> assertThat(done("FLAG")).isEqualTo(1));
        REDIS.kill9();
        for (int i = 0; i < 20; i++) {
            post("dead-" + i);
        }
        post("dead-0");
        assertThat(standing()).isEqualTo(20);
        assertThat(new Client(port).get("/actuator/health/readiness").status()).isEqualTo(200);
        assertThat(new Client(port).get("/actuator/health").body()).contains("in Postgres, until Redis is back");

        REDIS.start();

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(done("STANDBY")).isEqualTo(20);
            assertThat(standing()).isZero();
        });
        assertThat(count("select count(*) from span where trace_id like 'dead-%'"))
                .isEqualTo(20);
        assertThat(count("select coalesce(sum(duplicates + replays), 0) from ledger"))
                .isZero();
    }

    @Test
    @Order(2)
    void a_frozen_redis_holds_nobody_up_for_long_and_a_step_that_it_did_take_counts_once() {
        REDIS.pause();
        long began = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            post("frozen-" + i);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
        REDIS.resume();

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                count("select count(*) from ledger where subject like 'frozen-%' and state = 'DONE'"))
                        .isEqualTo(20));
        await().atMost(SOON).untilAsserted(() -> assertThat(standing()).isZero());
        assertThat(count("select count(*) from span where trace_id like 'frozen-%'"))
                .isEqualTo(20);
    }

    @Test
    @Order(3)
    void without_redis_and_postgres_the_door_says_when_to_come_again() {
        REDIS.kill9();
        POSTGRES.stop();

        var refused = new Client(port).trace(body("both"));

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.response().headers().firstValueAsLong("Retry-After").orElse(0))
                .isPositive();
        assertThat(new Client(port).get("/actuator/health/readiness").status()).isEqualTo(503);
        POSTGRES.start();
        REDIS.start();
        await().atMost(SOON).until(() -> new Client(port).trace(body("both")).status() == 202);
    }

    private void post(String id) {
        var answer = new Client(port).trace(body(id));
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        assertThat(answer.text("route")).isEqualTo("LEGACY");
    }

    private static String body(String id) {
        return "{\"trace_id\":\"" + id + "\",\"name\":\"n\",\"spans\":[{\"name\":\"s\"}]}";
    }

    private long done(String reason) {
        return count("select count(*) from ledger where state = 'DONE' and reason = '" + reason + "'");
    }

    private long standing() {
        return count("select count(*) from stand_in");
    }

    private long count(String query) {
        return sql.sql(query).query(Long.class).single();
    }
}
