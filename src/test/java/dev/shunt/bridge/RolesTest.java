package dev.shunt.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shunt.ShuntApplication;
import dev.shunt.core.Role;
import dev.shunt.embedded.TestBackends;
import dev.shunt.operations.ProbeServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One installation of five processes with one role each: together they are what one with all roles is, and none is more. */
class RolesTest {

    private static final Duration SOON = Duration.ofSeconds(40);
    private static final Map<Role, ConfigurableApplicationContext> PROCESSES = new EnumMap<>(Role.class);
    private static final String JDBC = TestBackends.freshJdbcUrl();
    private static final String REDIS = TestBackends.freshRedisUrl();

    @BeforeAll
    static void start() {
        for (Role role : Role.values()) {
            PROCESSES.put(role, run(role.word(), "shunt.data=target/roles/" + role.word()));
        }
    }

    @AfterAll
    static void stop() {
        PROCESSES.values().forEach(ConfigurableApplicationContext::close);
    }

    private static ConfigurableApplicationContext run(String roles, String... more) {
        List<String> settings = new ArrayList<>(List.of(
                "server.port=0",
                "shunt.roles=" + roles,
                "spring.datasource.url=" + JDBC,
                "spring.datasource.hikari.minimum-idle=1",
                "shunt.redis.url=" + REDIS,
                "shunt.temporal.address=" + TestBackends.temporalAddress(),
                "shunt.workloads.trace.task-queue=roles",
                "shunt.temporal.start-deadline=10s",
                "shunt.temporal.late-start-limit=60s",
                "shunt.comparison.interval=1s"));
        settings.addAll(List.of(more));
        return SpringApplication.run(
                ShuntApplication.class,
                settings.stream().map(each -> "--" + each).toArray(String[]::new));
    }

    private static ConfigurableApplicationContext process(Role role) {
        return Objects.requireNonNull(PROCESSES.get(role));
    }

    private static Client client(Role role) {
        Environment environment = process(role).getEnvironment();
        return new Client(environment.getRequiredProperty("local.server.port", Integer.class));
    }

    private static Client probes(Role role) {
        return new Client(process(role).getBean(ProbeServer.class).port());
    }

    @Test
    void together_they_do_the_work_of_both_routes_and_watch_it() {
        client(Role.INGEST).awaitBothRoutes();
        JdbcClient sql = process(Role.CONSOLE).getBean(JdbcClient.class);
        client(Role.CONSOLE).percentage(50);
        await().atMost(SOON).untilAsserted(() -> {
            for (int trace = 0; trace < 10; trace++) {
                client(Role.INGEST).trace("{\"name\":\"n\",\"spans\":[{\"name\":\"s\"}]}".getBytes(UTF_8));
            }
            assertThat(sql.sql(
                                    "select distinct executed_route from ledger where state = 'DONE' and checked_at is not null")
                            .query(String.class)
                            .list())
                    .containsExactlyInAnyOrder("LEGACY", "TEMPORAL");
        });
        assertThat(client(Role.CONSOLE)
                        .post("/api/v1/rollouts/trace/rollback", "{}")
                        .status())
                .isEqualTo(200);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(sql.sql("select count(*) from ledger where state <> 'DONE'")
                                .query(Long.class)
                                .single())
                        .isZero());
    }

    @Test
    void each_offers_what_its_role_offers_and_no_more() {
        for (Role role : Role.values()) {
            boolean door = role == Role.INGEST;
            boolean api = role == Role.CONSOLE;
            assertThat(client(role).trace("{}".getBytes(UTF_8)).status())
                    .as(role + " door")
                    .isEqualTo(door ? 400 : 404);
            assertThat(client(role).get("/api/v1/rollouts/trace").status())
                    .as(role + " API")
                    .isEqualTo(api ? 200 : 404);
            assertThat(client(role).get("/api/v1/instance").status())
                    .as(role + " instance")
                    .isEqualTo(200);
            assertThat(client(role).get("/health").status())
                    .as(role + " old health")
                    .isEqualTo(200);
            List<String> running = running(role);
            assertThat(running.contains("legacyConsumers"))
                    .as(role + " consumes")
                    .isEqualTo(role == Role.LEGACY_CONSUMER);
            assertThat(running.contains("controller")).as(role + " controls").isEqualTo(role == Role.CONTROLLER);
            assertThat(running.contains("watches"))
                    .as(role + " looks")
                    .isEqualTo(role == Role.CONTROLLER || role == Role.CONSOLE);
            assertThat(client(role).post("/api/v1/instance/temporal/resume", "").status())
                    .as(role + " has workers to resume")
                    .isEqualTo(role == Role.TEMPORAL_WORKER ? 200 : 404);
        }
    }

    @Test
    void each_tells_probes_who_it_is() {
        for (Role role : Role.values()) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(probes(role).get("/ready").body())
                            .isEqualTo(
                                    "{\"status\":\"ready\",\"service\":\"shunt\",\"roles\":\"" + role.word() + "\"}"));
            assertThat(probes(role).get("/metrics").body()).contains("shunt_role{role=\"" + role.word() + "\"} 1.0");
        }
    }

    @Test
    void a_word_that_is_no_role_stops_the_start() {
        assertThatThrownBy(() -> run("ingest,worker"))
                .hasStackTraceContaining(
                        "shunt.roles must be one or more, separated by commas, of ingest, legacy-consumer,"
                                + " temporal-worker, controller, console (or not set: all of them), was 'ingest,worker'");
    }

    /** Names of the parts that run by themselves. */
    private static List<String> running(Role role) {
        ConfigurableApplicationContext process = process(role);
        return Arrays.stream(process.getBeanNamesForType(SmartLifecycle.class))
                .filter(name -> process.getBean(name, SmartLifecycle.class).isRunning())
                .toList();
    }
}
