package dev.shunt.legacy;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Pauses that double from the shortest to the longest, each cut by up to half at random so that loops drift apart. */
final class Backoff {

    private final Duration first;
    private final Duration longest;
    private Duration next;

    Backoff(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
        this.next = first;
    }

    Duration next() {
        long pause = next.toNanos();
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(longest) < 0 ? doubled : longest;
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(pause / 2, pause + 1));
    }

    void reset() {
        next = first;
    }
}
