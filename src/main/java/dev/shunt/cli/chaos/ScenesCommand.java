package dev.shunt.cli.chaos;

import dev.shunt.cli.DemoFailure;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rollout-scenes}: two services on backends of their own, and what an operator must be able to trust. */
@Command(
        name = "rollout-scenes",
        description = "Plays scenes of a rollout on services of its own, and says of each whether it went as it must.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every scene passed",
            "1:one at least did not; it says what was not seen",
            "2:wrong usage, or the services could not be started"
        },
        footerHeading = "%nScenes:%n",
        footer = {
            " 1 a planted fault is rolled back by itself, and the history tells it",
            " 2 the same, and Temporal dies at the moment of the rollback",
            " 3 a rollback while Postgres is dead",
            " 4 10 % within 50 % within 100 %, after 10 -> 0 -> 10 and restarts too",
            " 5 two operators at once",
            " 6 the leader is killed, and frozen, during a FAIL",
            " 7 an instance frozen between decision and start during a rollback",
            " 8 three services that share out the roles, each killed under load"
        })
public final class ScenesCommand implements Callable<Integer> {

    @Parameters(
            arity = "0..*",
            defaultValue = "all",
            description = "numbers, or all (default: ${DEFAULT-VALUE})",
            paramLabel = "SCENE")
    private List<String> scenes = List.of("all");

    @Option(names = "--keys", description = "of scene 4, 1,000..1,000,000 (default: ${DEFAULT-VALUE})")
    private int keys = 100_000;

    @Mixin
    private RunOptions run = new RunOptions("scenes");

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException {
        List<Scene> wanted = scenes.equals(List.of("all"))
                ? List.of(Scene.values())
                : scenes.stream().map(Scene::numbered).toList();
        if (keys < 1_000 || keys > 1_000_000) {
            throw new DemoFailure("--keys must be 1000..1000000, was " + keys);
        }
        try (var running = new Running(run.folder())) {
            run.say("Shunt rollout scenes: seed " + run.seed() + "; data and logs are in " + running.folder());
            return play(wanted, running) ? 0 : 1;
        }
    }

    private boolean play(List<Scene> wanted, Running running) throws IOException, InterruptedException, SQLException {
        var results = new ArrayList<String>();
        boolean well = true;
        for (int i = 0; i < wanted.size(); i++) {
            Scene scene = wanted.get(i);
            if (scene.alone()) {
                running.stop();
            }
            boolean fresh = running.isEmpty();
            Cluster cluster = running.orNew(i + 1, place -> new Cluster(place, scene.settings(), scene.roles()));
            if (fresh) {
                cluster.scale(scene.roles().size());
                run.say(Environment.of(cluster.backends()));
            }
            run.say("\nScene " + scene.number() + ": " + scene.title());
            long start = System.nanoTime();
            String failure = failure(scene, cluster);
            well &= failure.isEmpty();
            String result = "%s %d: %s (%.1f s)%s"
                    .formatted(
                            failure.isEmpty() ? "PASS" : "FAILED",
                            scene.number(),
                            scene.title(),
                            (System.nanoTime() - start) / 1e9,
                            failure);
            run.say(result);
            results.add(result);
            if (scene.alone()) {
                running.stop();
            } else if (!failure.isEmpty()) {
                run.say("its logs and data are kept in " + cluster.folder());
                running.stop(); // what it left behind must not be held against the next
            }
        }
        run.say("");
        results.forEach(run::say);
        return well;
    }

    /** Why it did not pass; empty if it did. */
    private String failure(Scene scene, Cluster cluster) throws InterruptedException {
        var stage = new Stage(cluster, run.seed(), keys, run.out());
        try {
            stage.reset();
            scene.play(stage);
            return "";
        } catch (NotSeen | DemoFailure | IOException | SQLException e) {
            return ": " + e.getMessage();
        }
    }
}
