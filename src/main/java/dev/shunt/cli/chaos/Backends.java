package dev.shunt.cli.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.cli.DemoFailure;
import dev.shunt.cli.ServiceProcess;
import dev.shunt.embedded.StandaloneBackends;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Postgres, Redis and Temporal, in a process that starts them again when they were killed. */
final class Backends implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofMinutes(3);

    private final Path folder;
    private final Process process;
    private final Writer orders;
    private final Map<Server, String[]> said = new EnumMap<>(Server.class);

    Backends(Path folder) throws IOException, InterruptedException {
        this.folder = Files.createDirectories(folder.toAbsolutePath());
        List<String> command =
                ServiceProcess.program(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("backends", "--folder", this.folder.toString()));
        process = new ProcessBuilder(command)
                .directory(this.folder.toFile())
                .redirectError(this.folder.resolve("backends.err").toFile())
                .start();
        orders = process.outputWriter(UTF_8);
        Thread.ofPlatform().daemon().name("backends").start(this::listen);
        for (Server server : Server.values()) {
            await(server);
        }
    }

    /** Its own client, past every relay. */
    Connection database() throws SQLException {
        String[] words = words(Server.POSTGRES);
        return DriverManager.getConnection(words[2], words[3], words[4]);
    }

    URI redis() {
        return URI.create(words(Server.REDIS)[2]);
    }

    String jdbcUrl() {
        return words(Server.POSTGRES)[2];
    }

    String temporal() {
        return words(Server.TEMPORAL)[2];
    }

    /** Whether Temporal can be killed and frozen without anything else. */
    boolean hasTemporalProcess() {
        return !words(Server.TEMPORAL)[1].equals(StandaloneBackends.NO_PROCESS);
    }

    List<String> login() {
        String[] words = words(Server.POSTGRES);
        return List.of("--spring.datasource.username=" + words[3], "--spring.datasource.password=" + words[4]);
    }

    void kill9(Server server) throws IOException, InterruptedException {
        Signals.kill9(pid(server));
    }

    void freeze(Server server) throws IOException, InterruptedException {
        Signals.freeze(pid(server));
    }

    void thaw(Server server) throws IOException, InterruptedException {
        Signals.thaw(pid(server));
    }

    /** Starts a killed one on its old data and port. */
    void restart(Server server) throws IOException, InterruptedException {
        synchronized (said) {
            said.remove(server);
        }
        orders.write(server.word() + "\n");
        orders.flush();
        await(server);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (Server server : Server.values()) {
            if (server != Server.TEMPORAL || hasTemporalProcess()) {
                thaw(server);
            }
        }
        orders.close();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroy();
        }
    }

    private long pid(Server server) {
        return Long.parseLong(words(server)[1]);
    }

    private String[] words(Server server) {
        synchronized (said) {
            String[] words = said.get(server);
            if (words == null) {
                throw new IllegalStateException(server + " is not running");
            }
            return words;
        }
    }

    private void await(Server server) throws InterruptedException {
        long giveUp = System.nanoTime() + READY_WITHIN.toNanos();
        synchronized (said) {
            while (!said.containsKey(server)) {
                if (!process.isAlive() || System.nanoTime() > giveUp) {
                    throw new DemoFailure(server + " did not start; see " + folder);
                }
                said.wait(200);
            }
        }
    }

    private void listen() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
                Writer log = Files.newBufferedWriter(
                        folder.resolve("backends.log"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(StandaloneBackends.MARK)) {
                    hear(line.substring(StandaloneBackends.MARK.length()).split(" ", -1));
                } else {
                    log.write(line + "\n");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void hear(String[] words) {
        synchronized (said) {
            said.put(Server.valueOf(words[0].toUpperCase(Locale.ROOT)), words);
            said.notifyAll();
        }
    }
}
