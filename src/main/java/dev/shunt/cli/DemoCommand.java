package dev.shunt.cli;

import dev.shunt.embedded.faults.Fault;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code demo}: options, a folder and a service of its own, and the exit code. */
@Command(
        name = "demo",
        description =
                "Sends recorded requests through 0, 10, 50, 100 %% and a rollback in mid-flow, on a service of its own"
                        + " with embedded backends or on one that runs already (--url), and checks every trace and every cent against a book of its own.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing lost, nothing twice, sums equal to the last digit, no divergence",
            "1:something was lost, doubled or wrongly answered, or the sums differ",
            "2:wrong usage, or the demo could not be carried out",
            "3:the comparator found a divergence; its path is printed"
        })
final class DemoCommand implements Callable<Integer> {

    static final int ALL_WELL = 0;
    static final int LOST_OR_TWICE = 1;
    static final int COULD_NOT_RUN = 2;
    static final int DIVERGED = 3;

    /** Two answers of a service that takes its time. */
    private static final Duration LEFT_WITHIN = Duration.ofSeconds(25);

    @Option(names = "--traces", description = "how many traces are sent (default: ${DEFAULT-VALUE})")
    private int traces = 600;

    @Option(names = "--seed", description = "of ids, order and repeats (default: a new one, printed)")
    private long seed = new Random().nextInt(1_000_000);

    @Option(names = "--rate", description = "traces per second (default: ${DEFAULT-VALUE})")
    private int rate = 40;

    @Option(
            names = "--fault",
            paramLabel = "NAME",
            completionCandidates = FaultNames.class,
            description = "a fault to plant, to see it found: ${COMPLETION-CANDIDATES}")
    private @Nullable String fault;

    @Option(
            names = "--fault-every",
            description = "of how many cases a rare fault strikes one, beginning with the first (default: its own)")
    private int faultEvery;

    @Option(
            names = "--shadow",
            paramLabel = "PERCENT",
            description = "how many items the other route processes too, to compare both results (default: 0)")
    private int shadow;

    @Option(
            names = "--shadow-mode",
            description = "other, or same: the same route again, to see the noise (default: ${DEFAULT-VALUE})")
    private Demo.ShadowMode shadowMode = Demo.ShadowMode.other;

    @Option(
            names = "--varied",
            description = "half of the traces have content that is made up: any script, any number, deep and wide")
    private boolean varied;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "a setting of the service, for example shunt.shadow.shed-above=10m")
    private List<String> set = List.of();

    @Option(names = "--kill", description = "kill -9 the service in mid-flow and start it again on the same folder")
    private boolean kill;

    @Option(names = "--keep", description = "leave the service running at the end and print its addresses")
    private boolean keep;

    @Option(names = "--folder", description = "where each run makes its own folder (default: ${DEFAULT-VALUE})")
    private Path folder = Path.of("target", "demo");

    @Option(
            names = "--url",
            description = "a service that runs already, for example http://localhost:8080: nothing is started. Its"
                    + " percentage must be 0 and is 0 afterwards. SHUNT_TOKEN or SHUNT_API_TOKEN, SHUNT_POSTGRES_USER (shunt) and"
                    + " SHUNT_POSTGRES_PASSWORD come from the environment")
    private @Nullable URI url;

    @Option(
            names = "--redis-url",
            description = "with --url: its Redis as seen from here (default: as the service says)")
    private @Nullable URI redisUrl;

    @Option(
            names = "--jdbc-url",
            description =
                    "with --url: its Postgres as seen from here, to read what is stored (default: as the service says)")
    private @Nullable String jdbcUrl;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "this text")
    @SuppressWarnings("UnusedVariable") // picocli acts on it by itself
    private boolean help;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException {
        PrintWriter out = spec.commandLine().getOut();
        Fault planted = planted();
        var now = LocalDateTime.now(ZoneId.systemDefault());
        Path run = folder.resolve(now.format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")));
        out.println("Shunt demo: " + traces + " traces, seed " + seed + (fault == null ? "" : ", fault " + fault)
                + (url == null ? "; the service's data and log are in " + run : ", on " + url));
        out.flush();
        var settings = new Demo.Settings(traces, seed, rate, kill, planted, shadow, shadowMode, varied);
        if (url != null) {
            return onRunning(url, settings, run, out);
        }
        var service = new ServiceProcess(run, serviceSettings());
        var onInterrupt = new Thread(service::close);
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        int code = new Demo(settings, new OwnService(service), run.resolve("report.html"), out).run();
        if (keep) {
            Runtime.getRuntime().removeShutdownHook(onInterrupt);
            printAddresses(out, service);
        } else {
            service.close();
            if (code == ALL_WELL) {
                deleteAllBut(run.resolve("report.html"), run);
            }
        }
        out.flush();
        return code;
    }

    private int onRunning(URI there, Demo.Settings settings, Path run, PrintWriter out)
            throws IOException, InterruptedException, SQLException {
        if (fault != null || kill || keep || !set.isEmpty()) {
            throw new DemoFailure(
                    "--fault, --kill, --keep and --set are for a service of the demo's own, not with --url");
        }
        Files.createDirectories(run);
        var addresses = RunningService.Addresses.of(there, redisUrl, jdbcUrl, System.getenv());
        var service = new RunningService(addresses, "demo-" + run.getFileName());
        Thread demo = Thread.currentThread();
        var onInterrupt = new Thread(() -> leave(demo));
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        int code;
        try (service) {
            code = new Demo(settings, service, run.resolve("report.html"), out).run();
        }
        Runtime.getRuntime().removeShutdownHook(onInterrupt);
        out.flush();
        return code;
    }

    /** Nothing may be ordered after the service was left: what is on its way is ended first. */
    private static void leave(Thread demo) {
        demo.interrupt();
        try {
            demo.join(LEFT_WITHIN.toMillis());
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    /** The names of all faults. */
    static final class FaultNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Fault.values()).map(Fault::label).iterator();
        }
    }

    private @Nullable Fault planted() {
        if (fault == null) {
            return null;
        }
        return Fault.of(fault)
                .orElseThrow(() -> new DemoFailure(
                        "--fault must be one of " + String.join(", ", new FaultNames()) + ", was " + fault));
    }

    private List<String> serviceSettings() {
        var settings = new ArrayList<String>();
        if (fault != null) {
            settings.add("--spring.profiles.active=demo-faults");
            settings.add("--shunt.faults=" + fault);
            settings.add("--shunt.fault-every=" + faultEvery);
        }
        if (shadow > 0) { // nobody's work can be held up here, and every pair makes the bound smaller
            settings.add("--shunt.shadow.pause-above-cpu=100");
            settings.add("--shunt.shadow.shed-above=1m");
            settings.add("--shunt.shadow.queue=20000");
            settings.add("--shunt.shadow.threads=2");
        }
        for (String setting : set) {
            // One that is given twice would be read as a list of both.
            settings.removeIf(other -> other.startsWith("--" + setting.split("=", 2)[0] + "="));
            settings.add("--" + setting);
        }
        return settings;
    }

    private static void printAddresses(PrintWriter out, ServiceProcess service)
            throws IOException, InterruptedException {
        Shunt.Backends backends = new Shunt(service.url()).backends();
        out.println();
        out.println("Left running:");
        out.println("  service      " + service.url());
        out.println("  comparison   " + service.url() + "/api/v1/comparison/trace");
        out.println("  divergences  " + service.url() + "/api/v1/divergences");
        out.println("  Postgres     " + backends.jdbcUrl());
        out.println("  Redis        " + backends.redisUrl());
        if (!backends.temporalUi().isEmpty()) {
            out.println("  Temporal UI  " + backends.temporalUi());
        }
        out.println("  log          " + service.log());
        out.println("Stop it with:  kill " + service.pid());
    }

    private static void deleteAllBut(Path kept, Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(each -> !kept.startsWith(each))
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                Files.delete(file);
            }
        }
    }
}
