package dev.shunt.console;

import dev.shunt.core.UnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that the status page shows. However many look, it is read by one thread at a time and no more often than its
 * pace; a read that fails or hangs leaves what was known before, with its time. So a page costs little and never waits long.
 */
final class Figure<T> {

    private static final Logger log = LoggerFactory.getLogger(Figure.class);

    private final String name;
    private final Supplier<T> source;
    private final Duration pace;
    private final Executor readers;
    private final Clock clock;

    private @Nullable CompletableFuture<Void> reading;
    private Instant begunAt = Instant.MIN;
    private long generation;
    private Look<T> last = new Look<>(null, null, null);

    Figure(String name, Supplier<T> source, Duration pace, Executor readers, Clock clock) {
        this.name = name;
        this.source = source;
        this.pace = pace;
        this.readers = readers;
        this.clock = clock;
    }

    /**
     * @param value null if it was never read
     * @param at when it was
     * @param problem why it could not be read again; null if it could
     */
    record Look<T>(
            @Nullable T value,
            @Nullable Instant at,
            @Nullable String problem) {}

    /**
     * Has it read if that is due.
     *
     * @return whether it is being read
     */
    boolean begin() {
        return !current().isDone();
    }

    private synchronized CompletableFuture<Void> current() {
        CompletableFuture<Void> running = reading;
        if (running != null && (!running.isDone() || clock.instant().isBefore(begunAt.plus(pace)))) {
            return running;
        }
        begunAt = clock.instant();
        long mine = generation;
        CompletableFuture<Void> begun = CompletableFuture.runAsync(() -> read(mine), readers);
        reading = begun;
        return begun;
    }

    /** What {@link #begin} began, also if it would be due again by now: who looks has waited for other figures. */
    private synchronized CompletableFuture<Void> begun() {
        CompletableFuture<Void> known = reading;
        return known == null ? current() : known;
    }

    /** Something changed: the next look is at a read that begins after this. */
    synchronized void outdated() {
        generation++;
        reading = null;
    }

    /** @param patience how long to wait for the read that {@link #begin} began */
    Look<T> look(Duration patience) {
        CompletableFuture<Void> begun = begun();
        try {
            begun.get(Math.max(0, patience.toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            Look<T> before = last();
            return new Look<>(before.value(), before.at(), name + ": no answer yet");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("a read keeps its fault to itself", impossible);
        }
        return last();
    }

    private synchronized Look<T> last() {
        return last;
    }

    private void read(long mine) {
        Look<T> found;
        try {
            found = new Look<>(source.get(), clock.instant(), null);
        } catch (UnavailableException away) {
            found = failed(String.valueOf(away.getMessage()));
        } catch (RuntimeException fault) {
            if (last().problem() == null) {
                log.warn("The status page cannot show {}. Tried again each time that somebody looks.", name, fault);
            }
            found = failed(name + " cannot be read, the log says why");
        }
        synchronized (this) {
            if (mine == generation) {
                last = found;
            }
        }
    }

    private Look<T> failed(String problem) {
        Look<T> before = last();
        return new Look<>(before.value(), before.at(), problem);
    }
}
