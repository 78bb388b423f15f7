package dev.shunt.cli.chaos;

import dev.shunt.cli.DemoFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chaos}: options, a folder, backends and services of its own, and the exit code. */
@Command(
        name = "chaos",
        description =
                "Sends traces to services of its own while one numbered fault happens at random moments, waits for"
                        + " quiet and checks Postgres against a book of its own.",
        footerHeading = "%nFaults:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every round: nothing lost, nothing twice, sums equal, no innocent dead letter, nothing left in flight",
            "1:one round at least was not like that; it says what it found",
            "2:wrong usage, or a round could not be carried out"
        },
        footer = {
            " 1 kill -9 of an instance     2 SIGTERM of an instance   3 an instance frozen for 30 s",
            " 4 kill -9 of Redis           5 Redis frozen for 30 s",
            " 6 kill -9 of Postgres        7 Postgres frozen for 30 s",
            " 8 kill -9 of Temporal        9 Temporal frozen for 30 s",
            "10 connection to Redis cut after a move               11 flips and rollbacks every second",
            "12 poison messages           13 duplicates and fragments",
            "14 slow Postgres             15 rollback while Postgres is dead",
            "16 an instance frozen while others roll back"
        })
public final class ChaosCommand implements Callable<Integer> {

    @Option(names = "--fault", description = "numbers with commas, or all (default: ${DEFAULT-VALUE})")
    private String fault = "all";

    @Option(names = "--seed", description = "of contents and moments (default: a new one, printed)")
    private long seed = new Random().nextInt(1_000_000);

    @Option(names = "--seconds", description = "how long faults are begun in a round (default: ${DEFAULT-VALUE})")
    private int seconds = 20;

    @Option(names = "--instances", description = "services that share the backends, 1..3 (default: ${DEFAULT-VALUE})")
    private int instances = 2;

    @Option(names = "--rounds", description = "of each fault (default: ${DEFAULT-VALUE})")
    private int rounds = 1;

    @Option(names = "--folder", description = "where each run makes its own folder (default: ${DEFAULT-VALUE})")
    private Path folder = Path.of("target", "chaos");

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "this text")
    @SuppressWarnings("UnusedVariable") // picocli acts on it by itself
    private boolean help;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private @Nullable Cluster running;

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException {
        List<Fault> faults = faults();
        requireWithin("--seconds", seconds, 1, 3_600);
        requireWithin("--instances", instances, 1, 3);
        requireWithin("--rounds", rounds, 1, 1_000);
        PrintWriter out = spec.commandLine().getOut();
        var now = LocalDateTime.now(ZoneId.systemDefault());
        Path run = folder.resolve(now.format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")));
        out.println("Shunt chaos: " + instances + " instances, seed " + seed + "; data and logs are in " + run);
        out.flush();
        var onInterrupt = new Thread(this::stop);
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        boolean well = true;
        int number = 0;
        try {
            for (int round = 0; round < rounds; round++) {
                for (Fault next : faults) {
                    number++;
                    Cluster cluster = clusterFor(next, run.resolve("cluster-" + number));
                    if (!new Round(cluster, next, seed + round, seconds, out).run("chaos-" + number)) {
                        well = false;
                        stop(); // what this round left behind must not be held against the next
                    }
                }
            }
        } finally {
            stop();
        }
        out.flush();
        return well ? 0 : 1;
    }

    private Cluster clusterFor(Fault fault, Path place) throws IOException, InterruptedException {
        Cluster cluster = running;
        if (cluster != null && cluster.isRelayed() == fault.needsRelays()) {
            return cluster;
        }
        stop();
        cluster = new Cluster(place, instances, fault.needsRelays());
        running = cluster;
        cluster.start();
        return cluster;
    }

    private List<Fault> faults() {
        return fault.equals("all")
                ? List.of(Fault.values())
                : Arrays.stream(fault.split(",", -1)).map(Fault::numbered).toList();
    }

    private synchronized void stop() {
        Cluster cluster = running;
        running = null;
        if (cluster != null) {
            try {
                cluster.close();
            } catch (IOException e) {
                throw new DemoFailure("Could not stop everything", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void requireWithin(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new DemoFailure(option + " must be " + least + ".." + most + ", was " + value);
        }
    }
}
