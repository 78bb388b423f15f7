package dev.shunt.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * Postgres as a child process: loopback only, a password of its own, durable settings that are checked at every start,
 * data kept. Takes over after a kill: a server left on the same data is stopped first.
 */
final class EmbeddedPostgres implements Backend {

    static final String USER = "shunt";
    static final String DATABASE = "shunt";

    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(20);

    private final Path shown;
    private final Path folder;
    private final Path binaries;
    private final int maxConnections;
    private final Path data;
    private final Path logFile;
    private final Unprivileged user;
    private int port;
    private String password = "";
    private String version = "?";

    /**
     * @param folder where data, log, port and password are kept
     * @param binaries where the programs are unpacked; may be shared
     */
    EmbeddedPostgres(Path folder, Path binaries, int maxConnections, Unprivileged user) {
        this.shown = folder;
        this.folder = folder.toAbsolutePath().normalize();
        this.binaries = binaries.toAbsolutePath().normalize();
        this.maxConnections = maxConnections;
        this.data = this.folder.resolve("data");
        this.logFile = this.folder.resolve("postgres.log");
        this.user = user;
    }

    @Override
    public void start() {
        PostgresBinaries postgres = PostgresBinaries.unpackedIn(binaries);
        version = postgres.version();
        try {
            Files.createDirectories(folder);
            stopLeftOver(postgres);
            password = keptPassword();
            if (!Files.exists(data.resolve("PG_VERSION"))) {
                initialise(postgres);
            }
            refuseOtherMajor(postgres);
            launch(postgres);
        } catch (IOException e) {
            throw new BackendException("Could not start embedded Postgres in " + folder + ": " + e.getMessage(), e);
        }
        try {
            assertDurable();
            createDatabase();
        } catch (SQLException | BackendException e) {
            close();
            throw new BackendException("Embedded Postgres in " + folder + " cannot be used: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (postmaster().isPresent()) {
            stop(PostgresBinaries.unpackedIn(binaries));
        }
    }

    @Override
    public String name() {
        return "Postgres";
    }

    @Override
    public String description() {
        return "embedded " + version + " in " + shown + ", 127.0.0.1:" + port;
    }

    String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    String password() {
        return password;
    }

    int port() {
        return port;
    }

    /** The process that listens; empty if none runs on our data. */
    Optional<ProcessHandle> postmaster() {
        try {
            Path file = data.resolve("postmaster.pid");
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            List<String> lines = Files.readAllLines(file);
            // A copied folder carries the id of the original's server.
            if (lines.size() < 2 || !Path.of(lines.get(1)).equals(data)) {
                return Optional.empty();
            }
            return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                    .filter(process -> process.info()
                            .command()
                            .map(command ->
                                    Path.of(command).getFileName().toString().startsWith("postgres"))
                            .orElse(false));
        } catch (IOException | NumberFormatException e) {
            throw new BackendException("Could not read " + data.resolve("postmaster.pid") + ": " + e.getMessage(), e);
        }
    }

    private void stopLeftOver(PostgresBinaries postgres) throws IOException {
        Optional<ProcessHandle> old = postmaster();
        if (old.isPresent()) {
            log.warn(
                    "Postgres (process {}) was left by an earlier run of Shunt; it is stopped and started anew",
                    old.get().pid());
            stop(postgres);
        }
        // Ids are reused, most of all in containers: Postgres would refuse because of a stranger with the old id.
        Files.deleteIfExists(data.resolve("postmaster.pid"));
    }

    private void initialise(PostgresBinaries postgres) throws IOException {
        Path unfinished = folder.resolve("data.new");
        FileSystemUtils.deleteRecursively(unfinished);
        Files.createDirectory(unfinished);
        Path secret = folder.resolve("password");
        user.giveTo(unfinished);
        user.giveTo(secret);
        Command initdb = Command.run(
                user.prefix(),
                START,
                postgres.program("initdb").toString(),
                "-D",
                unfinished.toString(),
                "-U",
                USER,
                "--auth=scram-sha-256",
                "--pwfile=" + secret,
                "--locale=C",
                "--encoding=UTF8",
                "--data-checksums");
        if (!initdb.succeeded()) {
            throw new BackendException(
                    "Could not create the data of embedded Postgres in " + folder + ": " + initdb.output());
        }
        Path settings = unfinished.resolve("postgresql.conf");
        Files.writeString(settings, Files.readString(settings) + "\ninclude 'shunt.conf'\n");
        Files.writeString(unfinished.resolve("shunt.conf"), "");
        user.giveTo(unfinished);
        Files.move(unfinished, data);
    }

    private void refuseOtherMajor(PostgresBinaries postgres) throws IOException {
        String kept = Files.readString(data.resolve("PG_VERSION")).strip();
        if (!kept.equals(postgres.major())) {
            throw new BackendException("The data in " + data + " was written by Postgres " + kept
                    + " and this build brings " + postgres.version() + ". Use the older build, or move the folder away"
                    + " to start empty.");
        }
    }

    private void launch(PostgresBinaries postgres) throws IOException {
        for (int attempt = 1; ; attempt++) {
            port = KeptPort.in(folder.resolve("port"));
            Files.writeString(data.resolve("shunt.conf"), settings());
            user.giveTo(data.resolve("shunt.conf"));
            if (!Files.exists(logFile)) {
                Files.createFile(logFile);
            }
            user.giveTo(logFile);
            Command started = Command.run(
                    user.prefix(),
                    START.plusSeconds(10),
                    postgres.program("pg_ctl").toString(),
                    "start",
                    "-D",
                    data.toString(),
                    "-l",
                    logFile.toString(),
                    "-w",
                    "-t",
                    Long.toString(START.toSeconds()));
            if (started.succeeded()) {
                return;
            }
            if (attempt == 3 || KeptPort.isFree(port)) {
                close();
                throw new BackendException(
                        "Embedded Postgres did not start: " + started.output() + "\n" + LogTail.of(logFile));
            }
            log.warn("Port {} was taken while Postgres started; another one is chosen", port);
        }
    }

    private String settings() {
        return """
                # Written by Shunt at every start. Settings of your own: at the end of postgresql.conf.
                listen_addresses = '127.0.0.1'
                port = %d
                unix_socket_directories = ''
                fsync = on
                synchronous_commit = on
                full_page_writes = on
                max_connections = %d
                timezone = 'UTC'
                log_timezone = 'UTC'
                """.formatted(port, maxConnections);
    }

    private void stop(PostgresBinaries postgres) {
        Optional<ProcessHandle> running = postmaster();
        for (String mode : List.of("fast", "immediate")) {
            Command.run(
                    user.prefix(),
                    STOP.plusSeconds(10),
                    postgres.program("pg_ctl").toString(),
                    "stop",
                    "-D",
                    data.toString(),
                    "-m",
                    mode,
                    "-w",
                    "-t",
                    Long.toString(STOP.toSeconds()));
            if (running.isEmpty() || OldChild.isGone(running.get(), Duration.ofSeconds(1))) {
                return;
            }
        }
        running.ifPresent(process -> OldChild.end(process, "Postgres", STOP));
    }

    /** A hand-made ALTER SYSTEM beats our file, and then a 202 would promise what the disk does not keep. */
    private void assertDurable() throws SQLException {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
                try (ResultSet shown = statement.executeQuery("show " + setting)) {
                    shown.next();
                    if (!"on".equals(shown.getString(1))) {
                        throw new BackendException(setting + " must be on, was " + shown.getString(1)
                                + ". Undo it with: alter system reset " + setting);
                    }
                }
            }
        }
    }

    private void createDatabase() throws SQLException {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            boolean there;
            try (ResultSet found =
                    statement.executeQuery("select from pg_database where datname = '" + DATABASE + "'")) {
                there = found.next();
            }
            if (!there) {
                statement.execute("create database " + DATABASE);
            }
        }
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(url(database), USER, password);
    }

    private String keptPassword() throws IOException {
        Path file = folder.resolve("password");
        if (!Files.exists(file)) {
            byte[] random = new byte[16];
            new SecureRandom().nextBytes(random);
            OwnerOnly.write(file, HexFormat.of().formatHex(random));
        }
        return Files.readString(file).strip();
    }
}
