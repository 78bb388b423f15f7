package dev.shunt.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A database whose disk can be filled up and freed again, on a server of its own whose write-ahead log is elsewhere. The disk
 * is a real one, a small file system in memory that holds nothing else; where none may be mounted, triggers answer what
 * Postgres answers then (SQLSTATE 53100).
 */
public final class FullDisk {

    private static final String DATABASE = "on_a_small_disk";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final List<String> TABLES = List.of("trace", "ledger", "stand_in");

    private final DedicatedPostgres server;
    private final Optional<Path> disk;

    private FullDisk(DedicatedPostgres server, Optional<Path> disk) {
        this.server = server;
        this.disk = disk;
    }

    public static FullDisk make() {
        var made = new FullDisk(TestBackends.dedicatedPostgres(), mount());
        System.out.println("The disk that is filled up is "
                + made.disk.map(path -> "a real one at " + path).orElse("played by triggers: mounting is not allowed"));
        if (made.disk.isPresent()) {
            made.execute(made.server.jdbcUrl(), "create tablespace small location '" + made.disk.get() + "'");
            made.execute(made.server.jdbcUrl(), "create database " + DATABASE + " tablespace small");
        } else {
            made.execute(made.server.jdbcUrl(), "create database " + DATABASE);
        }
        return made;
    }

    private static Optional<Path> mount() {
        Path folder = TestFolder.fresh("small-disk").toAbsolutePath();
        Command mounted = Command.run(
                List.of(), PATIENCE, "mount", "-t", "tmpfs", "-o", "size=96m", "shunt-test", folder.toString());
        if (!mounted.succeeded()) {
            return Optional.empty();
        }
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> Command.run(List.of(), PATIENCE, "umount", "--lazy", folder.toString())));
        Unprivileged.find().giveTo(folder);
        return Optional.of(folder);
    }

    public String jdbcUrl() {
        return server.jdbcUrl(DATABASE);
    }

    public void fill() {
        if (disk.isEmpty()) {
            execute(
                    jdbcUrl(),
                    "create or replace function no_space() returns trigger language plpgsql as $$ begin raise exception"
                            + " 'could not extend file: No space left on device' using errcode = '53100'; end $$");
            TABLES.forEach(table -> execute(
                    jdbcUrl(),
                    "create or replace trigger no_space before insert on " + table
                            + " for each statement execute function no_space()"));
            return;
        }
        byte[] block = new byte[4_096];
        try (OutputStream filler = Files.newOutputStream(filler())) {
            while (true) {
                filler.write(block);
            }
        } catch (IOException full) {
            System.out.println("The disk is full: " + full.getMessage());
        }
    }

    public void free() {
        try {
            if (disk.isPresent()) {
                Files.delete(filler());
            } else {
                TABLES.forEach(table -> execute(jdbcUrl(), "drop trigger no_space on " + table));
            }
        } catch (IOException fault) {
            throw new IllegalStateException("the disk could not be freed", fault);
        }
    }

    private Path filler() {
        return disk.orElseThrow().resolve("filler");
    }

    private void execute(String url, String sql) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException fault) {
            throw new IllegalStateException(sql + " failed", fault);
        }
    }
}
