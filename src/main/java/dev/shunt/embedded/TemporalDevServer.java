package dev.shunt.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The development server of the {@code temporal} command line tool as a child process: loopback only, workflows kept in
 * a file, with its UI. Takes over after a kill: a server left on the same file is stopped first.
 */
final class TemporalDevServer implements TemporalBackend {

    private static final Logger log = LoggerFactory.getLogger(TemporalDevServer.class);
    private static final Duration CALL = Duration.ofSeconds(15);
    // The server's own default of one day would let a slow demo lose the histories it wants to show.
    private static final String RETENTION = "30d";

    private final Path tool;
    private final Path shown;
    private final Path folder;
    private final String namespace;
    private final Path database;
    private final Path logFile;
    private final ChildProcess child = new ChildProcess("the Temporal development server", Duration.ofMillis(100));
    private int port;
    private int uiPort;
    private String version = "";

    /**
     * @param tool the {@code temporal} program
     * @param folder where the database file, the log and the ports are kept
     * @param namespace made at the start if it is not there
     */
    TemporalDevServer(Path tool, Path folder, String namespace) {
        this.tool = tool;
        this.shown = folder;
        this.folder = folder.toAbsolutePath().normalize();
        this.namespace = namespace;
        this.database = this.folder.resolve("temporal.db");
        this.logFile = this.folder.resolve("temporal.log");
    }

    @Override
    public void start() {
        version = Command.run(List.of(), CALL, tool.toString(), "--version")
                .output()
                .replaceFirst("^temporal version (\\S+).*", "$1");
        ProcessHandle.allProcesses()
                .filter(this::isOurs)
                .forEach(old -> OldChild.end(old, "Temporal development server", ChildProcess.STOP));
        for (int attempt = 1; ; attempt++) {
            if (child.answersInTime(
                    launch(), () -> !KeptPort.isFree(port) && call("describe").succeeded())) {
                keepHistories();
                return;
            }
            close();
            if (attempt == 3 || (KeptPort.isFree(port) && KeptPort.isFree(uiPort))) {
                throw new BackendException("The Temporal development server did not start. " + LogTail.of(logFile));
            }
        }
    }

    @Override
    public void close() {
        child.end();
    }

    @Override
    public String name() {
        return "Temporal";
    }

    @Override
    public String description() {
        return "embedded development server (CLI " + version + ") in " + shown + ", " + address();
    }

    @Override
    public String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public boolean inMemory() {
        return false;
    }

    @Override
    public Optional<String> ui() {
        return Optional.of("http://127.0.0.1:" + uiPort);
    }

    @Nullable
    Process process() {
        return child.process();
    }

    private boolean isOurs(ProcessHandle candidate) {
        ProcessHandle.Info info = candidate.info();
        return info.command()
                        .map(command ->
                                Path.of(command).getFileName().toString().startsWith("temporal"))
                        .orElse(false)
                && info.commandLine()
                        .map(line -> line.contains(database.toString()))
                        .orElse(false);
    }

    private Process launch() {
        try {
            Files.createDirectories(folder);
            port = KeptPort.in(folder.resolve("port"));
            uiPort = KeptPort.in(folder.resolve("ui-port"));
            ProcessBuilder builder = new ProcessBuilder(List.of(
                            tool.toString(),
                            "server",
                            "start-dev",
                            "--ip",
                            "127.0.0.1",
                            "--port",
                            Integer.toString(port),
                            "--ui-port",
                            Integer.toString(uiPort),
                            "--db-filename",
                            database.toString(),
                            "--namespace",
                            namespace,
                            "--search-attribute",
                            "ShuntWorkload=Keyword",
                            "--search-attribute",
                            "ShuntProject=Keyword",
                            "--search-attribute",
                            "ShuntEpoch=Int",
                            "--log-level",
                            "warn"))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()));
            Command.withoutTemporalSettings(builder);
            return builder.start();
        } catch (IOException e) {
            throw new BackendException("Could not start " + tool + ": " + e.getMessage(), e);
        }
    }

    private void keepHistories() {
        Command update = call("update", "--retention", RETENTION);
        if (!update.succeeded()) {
            log.warn(
                    "Could not set the retention of Temporal namespace {} to {}: {}. Closed workflows go after the server's own default.",
                    namespace,
                    RETENTION,
                    update.output());
        }
    }

    private Command call(String verb, String... more) {
        String[] base = {tool.toString(), "operator", "namespace", verb, "-n", namespace, "--address", address()};
        String[] line = new String[base.length + more.length];
        System.arraycopy(base, 0, line, 0, base.length);
        System.arraycopy(more, 0, line, base.length, more.length);
        return Command.run(List.of(), CALL, line);
    }
}
