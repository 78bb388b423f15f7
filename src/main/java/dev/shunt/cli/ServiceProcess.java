package dev.shunt.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The service as a child process, with a folder and a port of its own. */
public final class ServiceProcess implements AutoCloseable {

    // Whatever this shell points at, the demo must never reach a real system.
    private static final List<String> NOT_INHERITED = List.of(
            "SHUNT_",
            "SPRING_",
            "SERVER_",
            "MANAGEMENT_",
            "LOGGING_",
            "OTEL_",
            "POSTGRES_",
            "DATABASE_",
            "REDIS_",
            "TEMPORAL_",
            "MAX_CONCURRENT_");
    private static final List<String> NOT_INHERITED_NAMES =
            List.of("USE_TEMPORAL_WORKFLOWS", "METRICS_PORT", "HEALTH_PORT", "LOG_LEVEL");
    private static final Duration STOP_WITHIN = Duration.ofSeconds(60);

    private final Path folder;
    private final int port = freePort();
    private final List<String> machine;
    private final List<String> settings;
    private volatile @Nullable Path jar;
    private volatile @Nullable Process process;

    /**
     * @param folder keeps the service's data and its log
     * @param settings further arguments of the service
     */
    public ServiceProcess(Path folder, List<String> settings) {
        this(folder, List.of(), settings);
    }

    /**
     * @param folder keeps the service's data and its log
     * @param machine options of its Java machine
     * @param settings further arguments of the service
     */
    public ServiceProcess(Path folder, List<String> machine, List<String> settings) {
        this.machine = List.copyOf(machine);
        this.folder = folder.toAbsolutePath();
        this.settings = List.copyOf(settings);
    }

    /**
     * From the next start on it is another build.
     *
     * @param build its jar; null for this very program
     */
    public void runFrom(@Nullable Path build) {
        jar = build;
    }

    /** Where it answers; the same after a restart. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Everything it prints. */
    public Path log() {
        return folder.resolve("shunt.log");
    }

    /** Embedded Postgres has a password of its own, kept in the data folder. */
    String databasePassword() throws IOException {
        return Files.readString(data().resolve("postgres").resolve("password")).strip();
    }

    /** Its process; another one after a restart. */
    public long pid() {
        return running().pid();
    }

    /** Whether its process runs. */
    public boolean isAlive() {
        Process child = process;
        return child != null && child.isAlive();
    }

    /** Starts it, or starts it anew on the same folder and port, and waits until it answers. */
    public void start(Duration within) throws IOException, InterruptedException {
        launch();
        awaitAnswer(within);
    }

    /** Starts it without waiting. */
    public void launch() throws IOException {
        Files.createDirectories(folder);
        var builder = new ProcessBuilder(command());
        builder.directory(folder.toFile());
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().keySet().removeIf(ServiceProcess::isAnAddress);
        process = builder.start();
    }

    /** What a power cut does to one process: no shutdown hook runs, its children stay. */
    public void kill9() throws InterruptedException {
        running().destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        Process child = process;
        if (child == null) {
            return;
        }
        child.destroy();
        try {
            if (!child.waitFor(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                child.destroyForcibly();
            }
        } catch (InterruptedException stopNow) {
            child.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** The end of its log, for a message that explains why it is not there. */
    String lastWords() throws IOException {
        List<String> lines = Files.exists(log()) ? Files.readAllLines(log(), UTF_8) : List.of();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
    }

    /** Waits until it answers. */
    public void awaitAnswer(Duration within) throws IOException, InterruptedException {
        var shunt = new Shunt(url());
        Instant giveUp = Instant.now().plus(within);
        while (!shunt.isHealthy()) {
            if (!running().isAlive()) {
                throw new DemoFailure("The service stopped while starting. The end of " + log() + ":\n" + lastWords());
            }
            if (Instant.now().isAfter(giveUp)) {
                throw new DemoFailure("The service did not answer " + url() + "/health within " + within.toSeconds()
                        + " s. The end of " + log() + ":\n" + lastWords());
            }
            Thread.sleep(200);
        }
    }

    private Process running() {
        Process child = process;
        if (child == null) {
            throw new IllegalStateException("the service was not started");
        }
        return child;
    }

    private Path data() {
        return folder.resolve("data");
    }

    private List<String> command() {
        Path build = jar;
        List<String> command = build == null ? program(machine) : program(machine, build);
        command.add("--server.port=" + port);
        command.add("--shunt.probes.port=0"); // several run on one machine
        command.add("--server.address=127.0.0.1");
        command.add("--shunt.data=" + data());
        command.addAll(settings);
        return command;
    }

    /** The command line that runs this very program in another process; arguments are added to it. */
    public static List<String> program(List<String> machine) {
        String program = System.getProperty("java.class.path");
        if (!program.contains(File.pathSeparator) && program.endsWith(".jar")) {
            return program(machine, Path.of(program));
        }
        List<String> command = java(machine);
        command.addAll(List.of("-cp", program, "dev.shunt.ShuntApplication"));
        return command;
    }

    private static List<String> program(List<String> machine, Path jar) {
        List<String> command = java(machine);
        command.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
        return command;
    }

    private static List<String> java(List<String> machine) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(machine);
        return command;
    }

    private static boolean isAnAddress(String variable) {
        String name = variable.toUpperCase(Locale.ROOT);
        return NOT_INHERITED_NAMES.contains(name) || NOT_INHERITED.stream().anyMatch(name::startsWith);
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new DemoFailure("No free port on the loopback interface", e);
        }
    }
}
