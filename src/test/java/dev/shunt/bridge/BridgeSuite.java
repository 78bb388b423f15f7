package dev.shunt.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.embedded.TestBackends;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The whole service, one for all its suites, beginning each test on legacy. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        // Patient starts: what falls back on a busy machine is not what is asked here.
        properties = {
            "shunt.comparison.interval=1s",
            "shunt.data=target/bridge",
            "shunt.temporal.start-deadline=10s",
            "shunt.temporal.late-start-limit=60s"
        })
abstract class BridgeSuite {

    static final Duration SOON = Duration.ofSeconds(30);

    @LocalServerPort
    int port;

    @Value("${shunt.redis.url}")
    String redisUrl;

    @Autowired
    JdbcClient sql;

    @DynamicPropertySource
    static void backends(DynamicPropertyRegistry registry) {
        Backends.register(registry, TestBackends.freshJdbcUrl(), TestBackends.temporalAddress());
    }

    @BeforeEach
    void beginOnLegacyWithBothRoutesReady() {
        client().awaitBothRoutes();
        client().percentage(0);
    }

    Client client() {
        return new Client(port);
    }

    Client.Answer send(String project, String body) {
        return client().trace(body.getBytes(UTF_8), "X-Project-ID", project);
    }
}
