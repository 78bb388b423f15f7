package dev.shunt.cli.chaos;

import dev.shunt.cli.DemoFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code upgrade-drill}: two services of an earlier build become this one under traffic. */
@Command(
        name = "upgrade-drill",
        description =
                "Replaces two services of an earlier build by this one under traffic, and back, on backends of its own.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing was lost or counted twice",
            "1:something was; it says what",
            "2:wrong usage, or the services could not be started"
        })
public final class UpgradeCommand implements Callable<Integer> {

    @Option(names = "--from", required = true, description = "jar of the earlier build", paramLabel = "JAR")
    private Path from = Path.of("");

    @Mixin
    private RunOptions run = new RunOptions("upgrade");

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException {
        if (!Files.isRegularFile(from)) {
            throw new DemoFailure("--from must be the jar of an earlier build, was " + from);
        }
        PrintWriter out = run.out();
        try (var running = new Running(run.folder())) {
            out.println("Shunt rolling upgrade from " + from + ": seed " + run.seed() + "; data and logs are in "
                    + running.folder());
            Cluster cluster = running.orNew(1, place -> new Cluster(place, Stage.PLAN, List.of(), from));
            cluster.scale(2);
            out.println(Environment.of(cluster.backends()));
            RollingUpgrade.play(new Stage(cluster, run.seed(), 0, out), from);
            out.println("PASS");
            return 0;
        } catch (NotSeen failed) {
            out.println("FAILED: " + failed.getMessage());
            return 1;
        } finally {
            out.flush();
        }
    }
}
