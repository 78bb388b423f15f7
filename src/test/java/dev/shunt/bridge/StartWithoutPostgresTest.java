package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.ShuntApplication;
import dev.shunt.embedded.DedicatedPostgres;
import dev.shunt.embedded.TestBackends;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** A console that is started while Postgres is away: seen to be alive, and ready when Postgres is back. */
@Tag("slow")
class StartWithoutPostgresTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void a_start_that_waits_is_alive_says_what_it_waits_for_and_goes_on() throws IOException {
        DedicatedPostgres postgres = TestBackends.dedicatedPostgres();
        String database = postgres.freshJdbcUrl();
        Client probes = new Client(freePort());
        postgres.stop();
        CompletableFuture<ConfigurableApplicationContext> start = CompletableFuture.supplyAsync(
                () -> SpringApplication.run(
                        ShuntApplication.class,
                        "--server.port=0",
                        "--shunt.roles=console",
                        "--shunt.data=target/start-without-postgres",
                        "--shunt.probes.port=" + probes.port(),
                        "--spring.datasource.url=" + database,
                        "--spring.datasource.hikari.minimum-idle=1",
                        "--shunt.redis.url=" + TestBackends.freshRedisUrl(),
                        "--shunt.temporal.address=" + TestBackends.temporalAddress()),
                work -> Thread.ofPlatform().daemon().start(work));
        try {
            await().atMost(SOON)
                    .ignoreExceptions()
                    .untilAsserted(
                            () -> assertThat(probes.get("/ready").body()).contains("starting", "Postgres is away"));
            assertThat(probes.get("/ready").status()).isEqualTo(503);
            assertThat(probes.get("/health").status()).isEqualTo(200);
            assertThat(start).isNotDone();
        } finally {
            postgres.start();
        }
        try (ConfigurableApplicationContext running = start.join();
                postgres) {
            assertThat(running.isActive()).isTrue();
            await().atMost(SOON).until(() -> probes.get("/ready").status() == 200);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
