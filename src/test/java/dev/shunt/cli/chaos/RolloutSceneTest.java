package dev.shunt.cli.chaos;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Some scenes of {@code scripts/rollout-scenes}, with services and servers in processes of their own. */
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
                play(scene, cluster, folder, said);
            }
        }
    }

    @Test
    void three_services_that_share_out_the_roles_lose_nothing_when_each_is_killed() throws Exception {
        Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "scenes")), "roles-");
        var said = new StringWriter();
        try (var cluster = new Cluster(folder, Scene.ROLES.settings(), Scene.ROLES.roles())) {
            cluster.scale(Scene.ROLES.roles().size());
            play(Scene.ROLES, cluster, folder, said);
        }
        System.out.println(said);
    }

    private static void play(Scene scene, Cluster cluster, Path folder, StringWriter said) throws Exception {
        var stage = new Stage(cluster, SEED, KEYS, new PrintWriter(said));
        stage.reset();
        assertThatCode(() -> scene.play(stage))
                .as("seed %d, logs in %s: %s", SEED, folder, said)
                .doesNotThrowAnyException();
    }
}
