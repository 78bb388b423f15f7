package dev.shunt.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.ShuntApplication;
import dev.shunt.core.Role;
import dev.shunt.embedded.TestBackends;
import dev.shunt.operations.ProbeServer;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** One process of one role, started while all that this role can do without is away. */
@Tag("slow")
class RolesAloneTest {

    private static final String NOBODY = "127.0.0.1:1";

    /** The door and legacy's consumer need Redis, Temporal's worker needs Temporal; controller and console need neither. */
    @ParameterizedTest
    @EnumSource(Role.class)
    void a_role_starts_without_what_only_others_need(Role role) {
        boolean redis = role == Role.INGEST || role == Role.LEGACY_CONSUMER;
        try (var process = start(role, redis, role == Role.TEMPORAL_WORKER)) {
            Client api = client(process);
            assertThat(probes(process).get("/health").status()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(probes(process).get("/ready").status())
                            .as(probes(process).get("/ready").body())
                            .isEqualTo(200));
            switch (role) {
                case INGEST -> assertThat(api.trace("{\"name\":\"n\",\"spans\":[]}".getBytes(UTF_8)).status())
                        .isEqualTo(202);
                case LEGACY_CONSUMER, TEMPORAL_WORKER -> assertThat(api.get("/api/v1/instance").body())
                        .contains("RUNNING");
                case CONSOLE -> assertThat(api.post("/api/v1/rollouts/trace/rollback", "{}").body())
                        .contains("\"recorded\":true", "\"stopped\":false");
                case CONTROLLER -> assertThat(api.get("/api/v1/instance").status()).isEqualTo(200);
            }
        }
    }

    private static ConfigurableApplicationContext start(Role role, boolean redis, boolean temporal) {
        return SpringApplication.run(
                ShuntApplication.class,
                "--server.port=0",
                "--shunt.roles=" + role.word(),
                "--shunt.data=target/roles-alone/" + role.word(),
                "--shunt.workloads.trace.task-queue=roles-alone",
                "--spring.datasource.url=" + TestBackends.freshJdbcUrl(),
                "--spring.datasource.hikari.minimum-idle=1",
                "--shunt.redis.url=" + (redis ? TestBackends.freshRedisUrl() : "redis://" + NOBODY),
                "--shunt.temporal.address=" + (temporal ? TestBackends.temporalAddress() : NOBODY));
    }

    private static Client client(ConfigurableApplicationContext process) {
        return new Client(process.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    private static Client probes(ConfigurableApplicationContext process) {
        return new Client(process.getBean(ProbeServer.class).port());
    }
}
