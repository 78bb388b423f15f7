package dev.shunt.embedded;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** A Postgres server of a test's own. After {@link #start()} it has the same address and the data it had. */
public final class DedicatedPostgres implements AutoCloseable {

    private final EmbeddedPostgres server;
    private final AtomicInteger databases = new AtomicInteger();

    DedicatedPostgres(Path folder) {
        server = new EmbeddedPostgres(folder, TestFolder.binaries(), 300, Unprivileged.find());
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill9IfRunning));
    }

    /** The address of its empty database; user and password are in it. */
    public String jdbcUrl() {
        return jdbcUrl(EmbeddedPostgres.DATABASE);
    }

    /**
     * The address of a new, empty database in it, so that tests that hurt it can share it. It runs again after a test that
     * failed before it could see to that.
     */
    public String freshJdbcUrl() {
        if (server.postmaster().isEmpty()) {
            start();
        }
        resume();
        String name = "t" + databases.incrementAndGet();
        try (Connection connection = DriverManager.getConnection(jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(name + " could not be created in " + description(), e);
        }
        return jdbcUrl(name);
    }

    String jdbcUrl(String database) {
        return server.url(database) + "?user=" + EmbeddedPostgres.USER + "&password=" + server.password();
    }

    public String description() {
        return server.description();
    }

    public void start() {
        server.start();
    }

    public void stop() {
        server.close();
    }

    public void kill9() {
        Signal.send("KILL", server.postmaster().orElseThrow());
    }

    /** Freezes it: connections stay open and nothing answers. */
    public void pause() {
        Signal.send("STOP", server.postmaster().orElseThrow());
    }

    public void resume() {
        Signal.send("CONT", server.postmaster().orElseThrow());
    }

    @Override
    public void close() {
        kill9IfRunning();
    }

    private void kill9IfRunning() {
        server.postmaster().ifPresent(running -> Signal.send("KILL", running));
    }
}
