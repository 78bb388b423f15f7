package dev.shunt.embedded;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The server that a backend runs as its child. */
final class ChildProcess {

    /** How long one may take to end by itself. */
    static final Duration STOP = Duration.ofSeconds(10);

    private static final Duration START = Duration.ofSeconds(60);

    private final String name;
    private final Duration look;
    private @Nullable Process process;

    /**
     * @param name for messages
     * @param look how often it is asked during its start whether it answers
     */
    ChildProcess(String name, Duration look) {
        this.name = name;
        this.look = look;
    }

    /**
     * Takes a process that was just started and waits for its first answer.
     *
     * @return false if it ended, or did not answer in a minute
     */
    boolean answersInTime(Process started, BooleanSupplier answers) {
        process = started;
        long deadline = System.nanoTime() + START.toNanos();
        try {
            while (System.nanoTime() < deadline) {
                if (answers.getAsBoolean()) {
                    return started.isAlive();
                }
                if (started.waitFor(look.toMillis(), TimeUnit.MILLISECONDS)) {
                    return false;
                }
            }
            return false;
        } catch (InterruptedException e) {
            end();
            Thread.currentThread().interrupt();
            throw new BackendException("Interrupted while " + name + " started", e);
        }
    }

    /** By asking first. */
    void end() {
        Process running = process;
        if (running == null) {
            return;
        }
        running.destroy();
        if (!OldChild.isGone(running.toHandle(), STOP)) {
            running.destroyForcibly();
        }
        process = null;
    }

    /** Null before its start and after its end. */
    @Nullable
    Process process() {
        return process;
    }
}
