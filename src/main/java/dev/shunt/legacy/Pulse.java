package dev.shunt.legacy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether one loop is alive: it makes progress, or it says what it waits for. */
final class Pulse {

    private final Clock clock;
    private volatile Instant progress;
    private volatile @Nullable String backingOffFrom;

    Pulse(Clock clock) {
        this.clock = clock;
        this.progress = clock.instant();
    }

    void beat() {
        progress = clock.instant();
        backingOffFrom = null;
    }

    /** A back-off has a name, so that a loop that hangs is never mistaken for one that waits. */
    void backingOff(String from) {
        backingOffFrom = from;
    }

    boolean alive(Duration stall) {
        return backingOffFrom != null || progress.plus(stall).isAfter(clock.instant());
    }
}
