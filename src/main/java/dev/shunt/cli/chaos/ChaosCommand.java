package dev.shunt.cli.chaos;

import dev.shunt.cli.DemoFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
            "10 replies of Redis cut off after the step            11 flips and rollbacks every second",
            "12 poison messages           13 duplicates and fragments",
            "14 slow Postgres             15 rollback while Postgres is dead",
            "16 an instance frozen between decision and registration while another rolls back"
        })
public final class ChaosCommand implements Callable<Integer> {

    @Option(names = "--fault", description = "numbers with commas, or all (default: ${DEFAULT-VALUE})")
    private String fault = "all";

    @Option(names = "--seconds", description = "how long faults are begun in a round (default: ${DEFAULT-VALUE})")
    private int seconds = 8;

    @Option(
            names = "--instances",
            description =
                    "services that share the backends, 1..3 (default: a number that the seed changes every 8 rounds)")
    private int instances;

    @Option(names = "--rounds", description = "of each fault (default: ${DEFAULT-VALUE})")
    private int rounds = 1;

    @Option(
            names = "--rounds-in-all",
            description = "so many rounds of the faults, in an order that the seed gives; --rounds does not count then")
    private int roundsInAll;

    @Option(
            names = "--minutes",
            description = "rounds of the faults, in an order that the seed gives, until so much time is over")
    private int minutes;

    @Option(
            names = "--everysec",
            description = "instead of faults: measure what is lost when Redis writes its file only once a second,"
                    + " --rounds times each of four ways; ends with 0 whatever it finds")
    private boolean everysec;

    @Mixin
    private RunOptions run = new RunOptions("chaos");

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException {
        List<Fault> faults = faults();
        requireWithin("--seconds", seconds, 1, 3_600);
        requireWithin("--instances", instances, 0, 3);
        requireWithin("--rounds", rounds, 1, 1_000);
        requireWithin("--rounds-in-all", roundsInAll, 0, 10_000);
        requireWithin("--minutes", minutes, 0, 10_000);
        try (var running = new Running(run.folder())) {
            run.say("Shunt chaos: seed " + run.seed() + "; data and logs are in " + running.folder());
            if (everysec) {
                measure(running);
                return 0;
            }
            return play(faults, running).allWell() ? 0 : 1;
        }
    }

    private Summary play(List<Fault> wanted, Running running) throws IOException, InterruptedException, SQLException {
        boolean byTime = minutes > 0;
        int most = byTime ? Integer.MAX_VALUE : roundsInAll > 0 ? roundsInAll : rounds * wanted.size();
        long end = byTime ? System.nanoTime() + minutes * 60_000_000_000L : Long.MAX_VALUE;
        Cluster cluster = running.orNew(1, Cluster::new);
        String before = Environment.of(cluster.backends());
        run.say(before);
        List<Fault> faults = possible(wanted, cluster);
        if (faults.isEmpty()) {
            throw new DemoFailure(
                    "none of the faults asked for can happen without the temporal tool: install it, or ask"
                            + " for others with --fault");
        }
        var plan = new Plan(faults, byTime || roundsInAll > 0, instances, run.seed());
        var summary = new Summary();
        while (summary.rounds() < most && System.nanoTime() < end) {
            int number = summary.rounds() + 1;
            Plan.Next next = plan.next();
            cluster = running.orNew(number, Cluster::new);
            cluster.scale(next.instances());
            Result result = new Round(cluster, next.fault(), run.seed() + number - 1, seconds, run.out())
                    .run("chaos-" + number);
            summary.add(result);
            write(running.folder(), summary, before);
            if (!result.well()) {
                run.say("  its logs and data are kept in " + cluster.folder()
                        + "; the same plan again: scripts/chaos --fault "
                        + next.fault().number() + " --seed " + result.seed() + " --seconds " + seconds + " --instances "
                        + next.instances());
                running.stop(); // what this round left behind must not be held against the next
            }
        }
        run.say("\n" + write(running.folder(), summary, before));
        return summary;
    }

    private void measure(Running running) throws IOException, InterruptedException, SQLException {
        Cluster cluster = running.orNew(1, Cluster::new);
        run.say(Environment.of(cluster.backends()).replace("always", "everysec while measured"));
        cluster.scale(instances == 0 ? 2 : instances);
        String table = new Everysec(cluster, run.seed(), run.out()).run(rounds);
        Files.writeString(running.folder().resolve("everysec.md"), table);
        run.say("\n" + table);
    }

    private List<Fault> possible(List<Fault> wanted, Cluster cluster) {
        if (cluster.backends().hasTemporalProcess() || wanted.stream().noneMatch(Fault::hitsTemporal)) {
            return wanted;
        }
        run.say(
                "There is no temporal tool on the PATH: the Temporal side is the SDK's in-memory server, and faults 8 and 9"
                        + " are left out.");
        return wanted.stream().filter(fault -> !fault.hitsTemporal()).toList();
    }

    private static String write(Path run, Summary summary, String environment) throws IOException {
        String text = environment + "; " + Environment.load() + " at the end.\n\n" + summary.markdown();
        Files.writeString(run.resolve("summary.md"), text);
        return text;
    }

    private List<Fault> faults() {
        return fault.equals("all")
                ? List.of(Fault.values())
                : Arrays.stream(fault.split(",", -1)).map(Fault::numbered).toList();
    }

    private static void requireWithin(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new DemoFailure(option + " must be " + least + ".." + most + ", was " + value);
        }
    }
}
