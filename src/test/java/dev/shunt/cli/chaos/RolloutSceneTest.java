package dev.shunt.cli.chaos;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The two quickest scenes of {@code scripts/rollout-scenes}, with services and servers in processes of their own. */
@Tag("slow")
class RolloutSceneTest {

    private static final long SEED = 7;
    private static final int KEYS = 1_000;

    @Test
    void one_of_two_operators_is_refused_and_a_planted_fault_is_rolled_back_by_itself() throws Exception {
        Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "scenes")), "test-");
        var said = new StringWriter();
        try (var cluster = new Cluster(folder, Stage.PLAN)) {
            cluster.scale(2);
            for (Scene scene : new Scene[] {Scene.TWO_OPERATORS, Scene.STORY}) {
                var stage = new Stage(cluster, SEED, KEYS, new PrintWriter(said));
                stage.reset();
                assertThatCode(() -> scene.play(stage))
                        .as("seed %d, logs in %s: %s", SEED, folder, said)
                        .doesNotThrowAnyException();
            }
        }
    }
}
