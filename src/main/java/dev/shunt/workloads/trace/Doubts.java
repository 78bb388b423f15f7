package dev.shunt.workloads.trace;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Findings that may be something half done: what is found again, a while later, is one. */
final class Doubts {

    private static final Duration HALF_DONE = Duration.ofSeconds(5);
    private static final Duration REMEMBERED = Duration.ofHours(1);
    private static final int MOST = 1_000;

    private final Clock clock;
    private final Map<String, Instant> since = new HashMap<>();

    Doubts(Clock clock) {
        this.clock = clock;
    }

    /** Whether the same was found some seconds ago already. */
    synchronized boolean confirmed(String path) {
        Instant now = clock.instant();
        if (since.size() >= MOST) {
            since.values().removeIf(first -> Duration.between(first, now).compareTo(REMEMBERED) > 0);
        }
        Instant first = since.get(path);
        if (first == null) {
            if (since.size() < MOST) {
                since.put(path, now);
            }
            return false;
        }
        return Duration.between(first, now).compareTo(HALF_DONE) >= 0;
    }
}
