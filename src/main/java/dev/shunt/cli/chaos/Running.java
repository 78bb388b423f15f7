package dev.shunt.cli.chaos;

import dev.shunt.cli.DemoFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** The services that a command runs now, if any, and the folder of this run; whatever ends the command ends them. */
final class Running implements AutoCloseable {

    /** How a cluster is made in its folder. */
    interface Making {
        Cluster in(Path folder) throws IOException, InterruptedException;
    }

    private final Path folder;
    private final Thread onInterrupt = new Thread(this::stop);
    private @Nullable Cluster cluster;

    /** @param runs where each run makes its own folder */
    Running(Path runs) {
        var now = LocalDateTime.now(ZoneId.systemDefault());
        this.folder = runs.resolve(now.format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")));
        Runtime.getRuntime().addShutdownHook(onInterrupt);
    }

    Path folder() {
        return folder;
    }

    boolean isEmpty() {
        return cluster == null;
    }

    /** The one that runs, or a new one. */
    Cluster orNew(int number, Making making) throws IOException, InterruptedException {
        Cluster there = cluster;
        if (there == null) {
            there = making.in(folder.resolve("cluster-" + number));
            cluster = there;
        }
        return there;
    }

    synchronized void stop() {
        Cluster stopping = cluster;
        cluster = null;
        if (stopping != null) {
            try {
                stopping.close();
            } catch (IOException e) {
                throw new DemoFailure("Could not stop everything", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        stop();
    }
}
