package dev.shunt.legacy;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Whether one loop is alive: it makes progress, or it says what it waits for. */
final class Pulse {

    private final LongSupplier nanos;
    private volatile long progress;
    private volatile @Nullable String backingOffFrom;

    /** @param nanos a time that nobody can set, as {@link System#nanoTime} */
    Pulse(LongSupplier nanos) {
        this.nanos = nanos;
        this.progress = nanos.getAsLong();
    }

    void beat() {
        progress = nanos.getAsLong();
        backingOffFrom = null;
    }

    /** A back-off has a name, so that a loop that hangs is never mistaken for one that waits. */
    void backingOff(String from) {
        backingOffFrom = from;
    }

    boolean alive(Duration stall) {
        return backingOffFrom != null || nanos.getAsLong() - progress < stall.toNanos();
    }
}
