package dev.shunt.cli.chaos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Registrations that a relay keeps back: decided, and not yet in Redis. */
final class Held {

    private final Step step;
    private final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final Set<String> keys = new ConcurrentSkipListSet<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger admitted = new AtomicInteger();

    Held(Step step) {
        this.step = step;
    }

    Step step() {
        return step;
    }

    /** Returns when they are let go; false, and at once, if they came too late to be kept. */
    boolean keep(List<String> some) throws InterruptedException {
        if (released.getCount() == 0) {
            return false;
        }
        keys.addAll(some);
        first.countDown();
        released.await();
        return true;
    }

    void letGo() {
        released.countDown();
    }

    /** Whether one has come by. */
    boolean awaitFirst(long withinMillis) throws InterruptedException {
        return first.await(withinMillis, TimeUnit.MILLISECONDS);
    }

    void answered(byte[] answer) {
        String text = new String(answer, ISO_8859_1);
        if (text.contains("REGISTERED")) {
            admitted.incrementAndGet();
        } else if (text.contains("FENCED")) {
            refused.incrementAndGet();
        }
    }

    /** Of the items. */
    Set<String> keys() {
        return keys;
    }

    /** How many steps Redis refused because of the fence. */
    int refused() {
        return refused.get();
    }

    /** How many it let in. */
    int admitted() {
        return admitted.get();
    }
}
