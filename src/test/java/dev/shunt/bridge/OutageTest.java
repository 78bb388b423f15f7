package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.embedded.DedicatedPostgres;
import dev.shunt.embedded.TestBackends;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Backends that are away: the door goes on, and what was accepted is stored when they are back. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"shunt.data=target/outage", "spring.datasource.hikari.minimum-idle=1"})
@DirtiesContext
class OutageTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    /** A port that nobody is given by chance. */
    private static final String CLOSED = "127.0.0.1:1";

    private static final DedicatedPostgres POSTGRES = TestBackends.dedicatedPostgres();

    @LocalServerPort
    private int port;

    @Autowired
    private JdbcClient sql;

    @DynamicPropertySource
    static void backends(DynamicPropertyRegistry registry) {
        Backends.register(registry, POSTGRES.jdbcUrl(), CLOSED);
    }

    @Test
    void without_temporal_the_application_starts_and_traces_fall_back_to_legacy() {
        var client = new Client(port);
        client.percentage(100);
        for (int i = 0; i < 20; i++) {
            var answer = client.trace("{\"trace_id\":\"fallback-" + i + "\",\"name\":\"n\"}");
            assertThat(answer.status()).as(answer.body()).isEqualTo(202);
            assertThat(answer.text("route")).isEqualTo("LEGACY");
        }

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(sql.sql(
                                        "select count(*) from ledger where decided_route = 'TEMPORAL' and executed_route = 'LEGACY'"
                                                + " and reason = 'FALLBACK' and state = 'DONE'")
                                .query(Long.class)
                                .single())
                        .isEqualTo(20));
    }

    @Test
    void without_temporal_a_probe_compares_nothing_and_says_why() {
        var probe = new Client(port).post("/api/v1/rollouts/trace/probe", "");
        assertThat(probe.status()).as(probe.body()).isEqualTo(200);
        assertThat(probe.text("result")).isEqualTo("NOT_COMPARED");
        assertThat(probe.text("words")).startsWith("TEMPORAL: ");
        assertThat(probe.json().at("/routes/0/route").asString()).isEqualTo("LEGACY");
        assertThat(probe.json().at("/routes/0/stored").asBoolean()).isTrue();
        assertThat(probe.json().at("/routes/1/stored").asBoolean(true)).isFalse();
        assertThat(probe.json().path("differences")).isEmpty();
        assertThat(sql.sql("select count(*) from shunt_shadow.trace")
                        .query(Long.class)
                        .single())
                .as("what the legacy side stored is removed all the same")
                .isZero();
    }

    @Test
    void without_postgres_traces_are_accepted_and_stored_when_it_is_back() {
        var client = new Client(port);
        assertThat(client.trace("{\"trace_id\":\"before\",\"name\":\"n\"}").status())
                .isEqualTo(202);
        POSTGRES.stop();
        for (int i = 0; i < 20; i++) {
            var answer =
                    client.trace("{\"trace_id\":\"outage-" + i + "\",\"name\":\"n\",\"spans\":[{\"name\":\"s\"}]}");
            assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        }
        var keyed = client.post(
                "/api/v1/rollouts/trace/percentage",
                "{\"percentage\": 5, \"reason\": \"no database\"}",
                "If-Match",
                "*",
                "Idempotency-Key",
                "outage-1");
        assertThat(keyed.status()).as(keyed.body()).isEqualTo(503);
        assertThat(keyed.text("detail")).contains("idempotency keys cannot be looked up");
        var rollback = client.post(
                "/api/v1/rollouts/trace/rollback", "{\"reason\":\"no database\"}", "Idempotency-Key", "outage-2");
        assertThat(rollback.status()).as(rollback.body()).isEqualTo(202);
        assertThat(rollback.json().path("recorded").asBoolean(true))
                .as(rollback.body())
                .isFalse();
        assertThat(rollback.json().path("stopped").asBoolean())
                .as(rollback.body())
                .isTrue();
        recallsAllTheSame(client);
        showsThatPostgresIsAway(client);

        POSTGRES.start();

        await().atMost(SOON)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(sql.sql("select count(*) from span where trace_id like 'outage-%'")
                                .query(Long.class)
                                .single())
                        .isEqualTo(20));
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> {
            var status = client.get("/api/v1/rollouts/trace");
            assertThat(status.json().path("percentage").decimalValue()).isZero();
            assertThat(status.text("reason")).contains("no database");
        });
        assertThat(sql.sql("select count(*) from dead_letter").query(Long.class).single())
                .isZero();
    }

    /** With neither Postgres nor Temporal there: what the version is compared with is known without them. */
    private static void recallsAllTheSame(Client client) {
        String recall = "/api/v1/rollouts/trace/recall";
        long begun = System.nanoTime();
        var recalled = client.post(recall, "{}", "If-Match", "*");
        assertThat(recalled.status()).as(recalled.body()).isEqualTo(200);
        String inForce = client.post(recall, "{}").json().path("epoch").asString();
        assertThat(client.post(recall, "{}", "If-Match", "\"" + inForce + "\"").status())
                .isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
        var other = client.post(recall, "{}", "If-Match", "\"999999999\"");
        assertThat(other.status()).as(other.body()).isEqualTo(412);
        assertThat(other.text("detail"))
                .startsWith("epoch " + inForce + " is in force; who changed it cannot be read now");
    }

    private static void showsThatPostgresIsAway(Client client) {
        long begun = System.nanoTime();
        Client.Answer page = client.get("/");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body())
                .contains("Roll back to legacy now", "Problems", "Temporal takes no items", "0 % to Temporal")
                .containsAnyOf("no answer yet", "Postgres is away")
                .doesNotContain("Exception");
        Client.Answer proof = client.get("/console/rollback");
        assertThat(proof.status()).isEqualTo(200);
        assertThat(proof.body()).containsAnyOf("Postgres has not recorded it yet", "not known yet");
    }
}
