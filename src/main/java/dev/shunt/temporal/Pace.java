package dev.shunt.temporal;

import java.time.Duration;

/** How long starts take lately, and so how many items may wait for theirs if each is to have its turn soon. */
final class Pace {

    /** Of a new figure in the mean: a stall shows in the first start that it holds up, one slow start is soon forgotten. */
    private static final double WEIGHT = 1.0 / 8;

    private final int threads;
    private final double soonNanos;
    private double meanNanos; // nothing is known to be slow yet

    /**
     * @param threads how many starts run at the same time
     * @param soon how long an item may wait for its turn
     */
    Pace(int threads, Duration soon) {
        this.threads = threads;
        this.soonNanos = soon.toNanos();
    }

    synchronized void took(Duration start) {
        meanNanos += WEIGHT * (start.toNanos() - meanNanos);
    }

    /** The most that may wait; one for each thread at least, or nobody would notice that starts are quick again. */
    synchronized int places() {
        double places = threads * soonNanos / Math.max(1, meanNanos);
        return (int) Math.clamp(places, threads, Integer.MAX_VALUE);
    }
}
