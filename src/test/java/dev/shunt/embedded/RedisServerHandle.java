package dev.shunt.embedded;

import java.nio.file.Path;
import java.util.Objects;

/** A Redis process of a test's own. After {@link #start()} it has the same address and the data it had. */
public final class RedisServerHandle implements AutoCloseable {

    private final EmbeddedRedis server;

    RedisServerHandle(Path folder) {
        server = new EmbeddedRedis(folder, SharedServers.REDIS_DATABASES);
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill9IfRunning));
    }

    public String url() {
        return server.url();
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
        Signal.send(
                "KILL",
                Objects.requireNonNull(server.process(), "it does not run").toHandle());
    }

    /** Freezes it: connections stay open and nothing answers. */
    public void pause() {
        Signal.send(
                "STOP",
                Objects.requireNonNull(server.process(), "it does not run").toHandle());
    }

    public void resume() {
        Signal.send(
                "CONT",
                Objects.requireNonNull(server.process(), "it does not run").toHandle());
    }

    @Override
    public void close() {
        kill9IfRunning();
    }

    private void kill9IfRunning() {
        Process process = server.process();
        if (process != null && process.isAlive()) {
            kill9();
        }
    }
}
