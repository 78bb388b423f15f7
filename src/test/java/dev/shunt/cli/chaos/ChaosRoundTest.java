package dev.shunt.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One short round of the crash suite, with services and servers in processes of their own. */
@Tag("slow")
class ChaosRoundTest {

    private static final long SEED = 7;

    @Test
    void nothing_is_lost_and_nothing_is_twice_when_one_of_two_instances_is_killed_under_load() throws Exception {
        Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "chaos")), "test-");
        var said = new StringWriter();
        try (var cluster = new Cluster(folder)) {
            cluster.scale(2);
            Result result = new Round(cluster, Fault.KILL_INSTANCE, SEED, 1, new PrintWriter(said)).run("chaos-test");
            assertThat(result.well())
                    .as("seed %d, logs in %s: %s", SEED, folder, said)
                    .isTrue();
            assertThat(result.stored()).as(said.toString()).isGreaterThanOrEqualTo(60);
            assertThat(result.temporal()).as(said.toString()).isPositive();
        }
    }
}
