package dev.shunt.contract;

import dev.shunt.core.Delivery;
import dev.shunt.core.ItemHandler;
import dev.shunt.core.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** A handler whose next calls fail before they do anything, or after all is committed, or wait. */
public final class FaultyHandler implements ItemHandler {

    private final ItemHandler real;
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicReference<@Nullable RuntimeException> next = new AtomicReference<>();
    private final AtomicInteger lostAnswers = new AtomicInteger();
    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

    public FaultyHandler(ItemHandler real) {
        this.real = real;
    }

    public void failNext(int calls) {
        failures.set(calls);
    }

    /** The next call fails with this before it does anything. */
    public void failNextWith(RuntimeException fault) {
        next.set(fault);
    }

    /** The next call commits, and its caller dies before it can settle. */
    public void loseNextAnswer() {
        lostAnswers.set(1);
    }

    /** Runs an action while every call waits. */
    public void whileWaiting(Runnable action) {
        gate.writeLock().lock();
        try {
            action.run();
        } finally {
            gate.writeLock().unlock();
        }
    }

    public boolean spent() {
        return failures.get() <= 0 && lostAnswers.get() <= 0;
    }

    @Override
    public List<Outcome> handle(List<Delivery> group) {
        gate.readLock().lock();
        try {
            RuntimeException asked = next.getAndSet(null);
            if (asked != null) {
                throw asked;
            }
            if (failures.getAndDecrement() > 0) {
                throw fault("failed before the commit");
            }
            List<Outcome> outcomes = real.handle(group);
            if (lostAnswers.getAndDecrement() > 0) {
                throw fault("failed after the commit");
            }
            return outcomes;
        } finally {
            gate.readLock().unlock();
        }
    }

    private static UnavailableException fault(String how) {
        return new UnavailableException(how, Duration.ofMillis(10), new IllegalStateException("asked for by the test"));
    }
}
