package dev.shunt.legacy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells the loops of one workload to stop: first no new batches, later not even the one in hand. */
final class StopSignal {

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch expired = new CountDownLatch(1);

    void ask() {
        asked.countDown();
    }

    void expire() {
        asked.countDown();
        expired.countDown();
    }

    boolean asked() {
        return asked.getCount() == 0;
    }

    /** Waits with nothing in hand: a stop ends it at once. */
    void idle(Duration pause) {
        await(asked, pause);
    }

    /**
     * Waits with a batch in hand: a stop may still finish it.
     *
     * @throws DrainExpiredException when the time for that is over
     */
    void holdOn(Duration pause) {
        if (await(expired, pause)) {
            throw new DrainExpiredException();
        }
    }

    private static boolean await(CountDownLatch latch, Duration pause) {
        try {
            return latch.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new DrainExpiredException();
        }
    }

    /** The batch in hand stays in its processing list; another instance takes it. */
    static final class DrainExpiredException extends RuntimeException {
        DrainExpiredException() {
            super("stopped before the batch in hand could be finished");
        }
    }
}
