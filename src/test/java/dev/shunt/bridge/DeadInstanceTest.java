package dev.shunt.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.embedded.TestBackends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** kill -9 of an instance with work in hand on both routes, while another one lives. */
@Tag("slow")
class DeadInstanceTest {

    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration PROMISED = Duration.ofSeconds(20);

    private final String jdbcUrl = TestBackends.freshJdbcUrl();
    private final String redisUrl = TestBackends.freshRedisUrl();
    private final JdbcClient sql = JdbcClient.create(TestBackends.dataSource(jdbcUrl));
    private final List<Process> processes = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void its_work_is_done_by_another_within_20_seconds_on_both_routes() throws Exception {
        Process doomed = start("doomed");
        Process other = start("other");
        int doomedPort = ShutdownTest.awaitPort(doomed, output("doomed"));
        int otherPort = ShutdownTest.awaitPort(other, output("other"));
        awaitReady("doomed", doomed, doomedPort);
        awaitReady("other", other, otherPort);
        var door = new Client(doomedPort);
        var living = new Client(otherPort);
        door.percentage(50);
        onOther(living, "pause");

        try (Connection blocker = TestBackends.dataSource(jdbcUrl).getConnection()) {
            blocker.setAutoCommit(false);
            try (var lock = blocker.createStatement()) {
                lock.execute("lock table trace in exclusive mode");
            }
            Set<String> sent = new TreeSet<>(send(door, "early"));
            // longer than a local step may take: the early ones go on as ordinary steps
            await().pollDelay(Duration.ofMillis(5_500)).atMost(START).until(() -> true);
            sent.addAll(send(door, "late"));
            onOther(living, "resume");

            assertThat(doomed.destroyForcibly().waitFor(10, TimeUnit.SECONDS)).isTrue();
            blocker.rollback();
            long killed = System.nanoTime();

            await().atMost(START).until(() -> stored().size() == sent.size());
            assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(PROMISED);
            assertThat(counted(stored())).as("both routes were hit").contains("LEGACY", "TEMPORAL");
        }
    }

    private static void onOther(Client client, String what) {
        assertThat(client.post("/api/v1/instance/consumers/trace/" + what, "").status())
                .isEqualTo(200);
        assertThat(client.post("/api/v1/instance/temporal/" + what, "").status())
                .isEqualTo(200);
    }

    private List<String> stored() {
        return sql.sql("select executed_route from ledger where state in ('DONE', 'PENDING')")
                .query(String.class)
                .list();
    }

    private static String counted(List<String> routes) {
        return "LEGACY " + routes.stream().filter("LEGACY"::equals).count() + ", TEMPORAL "
                + routes.stream().filter("TEMPORAL"::equals).count();
    }

    private static List<String> send(Client door, String name) {
        return IntStream.range(0, 20)
                .mapToObj(i -> {
                    String id = name + "-" + i;
                    var answer =
                            door.trace("{\"trace_id\":\"" + id + "\",\"name\":\"n\",\"spans\":[{\"name\":\"s\"}]}");
                    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
                    return id;
                })
                .toList();
    }

    private Process start(String name) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.shunt.ShuntApplication",
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--shunt.data=" + folder.resolve(name),
                        "--spring.datasource.url=" + jdbcUrl,
                        "--shunt.redis.url=" + redisUrl,
                        "--shunt.temporal.start-deadline=10s",
                        "--shunt.temporal.late-start-limit=60s",
                        "--shunt.temporal.warm-up=2",
                        "--shunt.workloads.trace.task-queue=dead-instance", // other tests' workers poll the usual one
                        "--shunt.temporal.address=" + TestBackends.temporalAddress())
                .redirectErrorStream(true)
                .redirectOutput(output(name).toFile())
                .start();
        processes.add(process);
        return process;
    }

    private void awaitReady(String name, Process process, int port) throws IOException {
        await().atMost(START).ignoreExceptions().until(() -> !process.isAlive() || ready(port));
        assertThat(process.isAlive()).as(Files.readString(output(name), UTF_8)).isTrue();
    }

    private static boolean ready(int port) {
        try {
            return new Client(port).temporalIsReady();
        } catch (AssertionError notYet) {
            return false;
        }
    }

    private Path output(String name) {
        return folder.resolve(name + ".output");
    }
}
