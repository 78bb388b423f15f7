package dev.shunt.routing;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long the snapshot may be believed. Checked by the clock at every decision, not by a timer: a process that was
 * frozen wakes up with its lease over.
 */
final class Lease {

    private static final int READS_TO_BE_BELIEVED_AGAIN = 3;

    private final long length;
    private final LongSupplier nanoTime;
    private volatile long until;
    private int goodReads = READS_TO_BE_BELIEVED_AGAIN - 1; // nothing was lost before the first read

    Lease(Duration length, LongSupplier nanoTime) {
        this.length = length.toNanos();
        this.nanoTime = nanoTime;
        this.until = nanoTime.getAsLong() - 1;
    }

    boolean holds() {
        return nanoTime.getAsLong() - until < 0;
    }

    /**
     * Called by the listener only.
     *
     * @param readAt when the read began: what it answered was true then, not later
     */
    void renew(long readAt) {
        goodReads = holds() ? READS_TO_BE_BELIEVED_AGAIN : goodReads + 1;
        if (goodReads >= READS_TO_BE_BELIEVED_AGAIN) {
            until = readAt + length;
        }
    }

    /** Called by the listener only: a read failed. The lease runs on; once it is over, good reads count from zero. */
    void missed() {
        goodReads = 0;
    }

    void end() {
        goodReads = 0;
        until = nanoTime.getAsLong() - 1;
    }
}
