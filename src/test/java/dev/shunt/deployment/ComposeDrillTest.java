package dev.shunt.deployment;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How {@code scripts/compose-drill} ends when it is interrupted; that it finds what is lost is seen on a real Docker. Here a
 * script of that name only notes what it is told, and a server answers as Shunt does, with 503 while it is "killed".
 */
class ComposeDrillTest {

    private static final String DOCKER = """
            #!/usr/bin/env bash
            echo "$*" >>"%1$s/docker"
            case "$*" in
              inspect*) [[ -e %1$s/down ]] && echo starting || echo healthy ;;
              *" ps "*) echo id ;;
              kill*) touch "%1$s/down" ;;
              *" start "*) rm -f "%1$s/down" ;;
            esac
            """;

    @TempDir
    private Path root;

    private final List<String> orders = new CopyOnWriteArrayList<>();
    private HttpServer shunt;

    @BeforeEach
    void aProjectWithADockerThatOnlyTakesNotes() throws IOException {
        shunt = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        shunt.createContext("/", this::answer);
        shunt.start();
        Files.createDirectories(root.resolve("compose"));
        Files.createDirectories(root.resolve("scripts"));
        Files.createDirectories(root.resolve("bin"));
        Files.copy(Path.of("scripts", "compose-drill"), root.resolve("scripts").resolve("compose-drill"));
        Files.writeString(
                root.resolve("compose").resolve(".env"),
                "SHUNT_API_TOKEN=a-token-of-the-drill\nSHUNT_PORT="
                        + shunt.getAddress().getPort() + "\n");
        Path docker = root.resolve("bin").resolve("docker");
        Files.writeString(docker, DOCKER.formatted(root));
        assertThat(docker.toFile().setExecutable(true)).isTrue();
    }

    @AfterEach
    void stop() {
        shunt.stop(0);
    }

    @Test
    void interrupted_while_a_service_is_dead_it_starts_it_stops_sending_and_rolls_back() throws Exception {
        var builder = new ProcessBuilder("setsid", "bash", "scripts/compose-drill", "--down", "60", "shunt")
                .directory(root.toFile())
                .redirectErrorStream(true)
                .redirectOutput(root.resolve("printed").toFile());
        builder.environment().merge("PATH", root.resolve("bin").toString(), (path, own) -> own + ":" + path);
        Process drill = builder.start();
        try {
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(root.resolve("down")));

            signal("TERM", drill.pid()); // a shell in the background ignores INT, and so would all that it starts

            assertThat(drill.waitFor(30, SECONDS)).as("ended").isTrue();
            assertThat(drill.exitValue()).isEqualTo(143);
            assertThat(Files.readString(root.resolve("docker"))).contains(" start shunt");
            assertThat(orders).last().isEqualTo("/api/v1/rollouts/trace/rollback");
            await().atMost(Duration.ofSeconds(15)).until(() -> signal("0", drill.pid()) != 0);
        } finally {
            signal("KILL", drill.pid());
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        boolean down = Files.exists(root.resolve("down"));
        boolean door = path.equals("/v1/traces");
        if (!door && !down) {
            orders.add(path);
        }
        exchange.sendResponseHeaders(down ? 503 : door ? 202 : 200, -1);
        exchange.close();
    }

    /** To all processes of a group, as a terminal does; 0 if there was one. */
    private static int signal(String name, long group) throws IOException, InterruptedException {
        return new ProcessBuilder("bash", "-c", "kill -" + name + " -- -" + group + " 2>/dev/null")
                .start()
                .waitFor();
    }
}
