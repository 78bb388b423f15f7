package dev.shunt.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.ItemKey;
import dev.shunt.core.Stamp;
import dev.shunt.embedded.TestBackends;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** SIGTERM under load: what follows needs no recovery. */
@Tag("slow")
class ShutdownTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String QUEUE = "cognobserve:traces";
    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

    private final String jdbcUrl = TestBackends.freshJdbcUrl();
    private final String redisUrl = TestBackends.freshRedisUrl();
    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private final AtomicInteger sent = new AtomicInteger();
    private volatile boolean sending = true;
    private volatile int port;

    @TempDir
    private Path folder;

    @Test
    void a_stop_under_load_leaves_nothing_to_recover() throws Exception {
        Process service = start();
        try {
            port = awaitPort(service, folder.resolve("output"));
            awaitHealthy(service);
            new Client(port).percentage(50);
            List<Thread> senders = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                senders.add(Thread.ofPlatform().daemon().start(this::send));
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> accepted.size() > 300);

            service.destroy();

            assertThat(service.waitFor(60, TimeUnit.SECONDS)).as(output()).isTrue();
            sending = false;
            for (Thread sender : senders) {
                sender.join();
            }
            assertThat(service.exitValue()).as(output()).isIn(0, 143);
            assertThat(output())
                    .as("the door before the consumers")
                    .containsSubsequence(
                            "Graceful shutdown complete", "The consumers of cognobserve:traces have stopped");
            assertThat(output()).doesNotContain(" ERROR ").doesNotContain("is handled again elsewhere");
            assertNothingToRecover();
        } finally {
            service.destroyForcibly();
        }
    }

    private void assertNothingToRecover() {
        try (var client = RedisClient.create(redisUrl);
                var connection = client.connect()) {
            RedisCommands<String, String> redis = connection.sync();
            assertThat(redis.keys(QUEUE + ":heartbeat:*")).isEmpty();
            assertThat(redis.keys(QUEUE + ":proc:*")).isEmpty();
            assertThat(redis.smembers(QUEUE + ":consumers")).isEmpty();
            Set<String> found = new HashSet<>(JdbcClient.create(TestBackends.dataSource(jdbcUrl))
                    .sql("select subject from ledger where state in ('DONE', 'PENDING')")
                    .query(String.class)
                    .list());
            redis.hkeys("shunt:trace:registry").forEach(key -> found.add(new ItemKey(key).subject()));
            for (String message : redis.lrange(QUEUE, 0, -1)) {
                Stamp.split(message.getBytes(UTF_8))
                        .stamp()
                        .ifPresent(stamp -> found.add(stamp.key().subject()));
            }
            assertThat(accepted).isSubsetOf(found);
        }
    }

    private void send() {
        while (sending) {
            String id = "load-" + sent.incrementAndGet();
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/traces"))
                    .timeout(Duration.ofSeconds(20))
                    .POST(BodyPublishers.ofString(
                            "{\"trace_id\":\"" + id + "\",\"name\":\"n\",\"spans\":[{\"name\":\"s\"}]}"))
                    .build();
            try {
                if (HTTP.send(request, BodyHandlers.discarding()).statusCode() == 202) {
                    accepted.add(id);
                }
            } catch (IOException closed) {
                LockSupport.parkNanos(5_000_000); // refused: nothing was promised
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private Process start() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.shunt.ShuntApplication",
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--shunt.data=" + folder.resolve("data"),
                        "--spring.datasource.url=" + jdbcUrl,
                        "--shunt.redis.url=" + redisUrl,
                        "--shunt.temporal.address=" + TestBackends.temporalAddress())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    private void awaitHealthy(Process service) {
        await().atMost(Duration.ofMinutes(2)).until(() -> !service.isAlive() || healthy());
        assertThat(service.isAlive()).as(output()).isTrue();
    }

    private boolean healthy() throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private String output() {
        try {
            return Files.readString(folder.resolve("output"), UTF_8);
        } catch (IOException none) {
            return none.toString();
        }
    }

    /** Any free one, which the service has bound and says; one picked before might be somebody else's by then. */
    static int awaitPort(Process service, Path output) throws IOException {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> !service.isAlive()
                        || PORT.matcher(Files.readString(output, UTF_8)).find());
        String said = Files.readString(output, UTF_8);
        Matcher port = PORT.matcher(said);
        assertThat(port.find()).as(said).isTrue();
        return Integer.parseInt(port.group(1));
    }
}
