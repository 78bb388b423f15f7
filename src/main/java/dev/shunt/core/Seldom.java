package dev.shunt.core;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** For log lines that an outage would repeat with every item: the first of each interval is written. Thread-safe. */
public final class Seldom {

    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final AtomicLong due = new AtomicLong(System.nanoTime());
    private final AtomicLong leftOut = new AtomicLong();

    /** @param line is told how many lines were left out since the last one */
    public void log(LongConsumer line) {
        long now = System.nanoTime();
        long from = due.get();
        if (now - from >= 0 && due.compareAndSet(from, now + INTERVAL.toNanos())) {
            line.accept(leftOut.getAndSet(0));
        } else {
            leftOut.incrementAndGet();
        }
    }
}
