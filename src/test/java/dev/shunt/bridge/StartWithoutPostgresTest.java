package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.ShuntApplication;
import dev.shunt.embedded.DedicatedPostgres;
import dev.shunt.embedded.TestBackends;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** A console that is started while Postgres is away: seen to be alive, and ready when Postgres is back. */
@Tag("slow")
@ExtendWith(OutputCaptureExtension.class)
class StartWithoutPostgresTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Pattern PORT = Pattern.compile("Probes are answered on port (\\d+)");

    @Test
    void a_start_that_waits_is_alive_says_what_it_waits_for_and_goes_on(CapturedOutput output) {
        DedicatedPostgres postgres = TestBackends.dedicatedPostgres();
        String database = postgres.freshJdbcUrl();
        postgres.stop();
        CompletableFuture<ConfigurableApplicationContext> start = CompletableFuture.supplyAsync(
                () -> SpringApplication.run(
                        ShuntApplication.class,
                        "--server.port=0",
                        "--shunt.roles=console",
                        "--shunt.data=target/start-without-postgres",
                        "--shunt.probes.port=0",
                        "--spring.datasource.url=" + database,
                        "--spring.datasource.hikari.minimum-idle=1",
                        "--shunt.redis.url=" + TestBackends.freshRedisUrl(),
                        "--shunt.temporal.address=" + TestBackends.temporalAddress()),
                work -> Thread.ofPlatform().daemon().start(work));
        Client probes;
        try {
            probes = new Client(Integer.parseInt(await().atMost(SOON)
                    .until(() -> PORT.matcher(output.getAll()), Matcher::find)
                    .group(1)));
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
}
