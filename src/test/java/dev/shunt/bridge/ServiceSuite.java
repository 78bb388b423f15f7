package dev.shunt.bridge;

import dev.shunt.embedded.TestBackends;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * The whole service with both routes ready, at 0 % when a test begins. Each suite names its own {@code shunt.data} and what
 * else differs; suites with the same settings share one service.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        // Patient starts: what falls back on a busy machine is not what is asked here.
        properties = {"shunt.temporal.start-deadline=10s", "shunt.temporal.late-start-limit=60s"})
abstract class ServiceSuite {

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
}
