package dev.shunt.workloads.trace;

import dev.shunt.core.ItemHandler.Outcome;
import dev.shunt.core.ItemKey;
import dev.shunt.core.UnavailableException;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The legacy route's rule for faults of our own, on the Temporal route: a backend that is away is waited out and never
 * counts, any other fault is tried three times before the item is given up.
 */
final class ThreeTries {

    private static final Logger log = LoggerFactory.getLogger(ThreeTries.class);
    private static final int TRIES = 3;
    private static final Duration PAUSE = Duration.ofMillis(100);

    private ThreeTries() {}

    /** @throws UnavailableException as the attempt does: whoever runs the step repeats it without limit */
    static Outcome of(ItemKey key, Supplier<Outcome> attempt) {
        for (int tries = 1; ; tries++) {
            try {
                return attempt.get();
            } catch (UnavailableException away) {
                throw away;
            } catch (RuntimeException | StackOverflowError fault) {
                if (tries == TRIES) {
                    log.error("{} failed {} times; it becomes a dead letter", key, TRIES, fault);
                    return new Outcome.Rejected("failed " + TRIES + " times, last with " + fault);
                }
                rest(key, PAUSE.multipliedBy(tries));
            }
        }
    }

    private static void rest(ItemKey key, Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("The worker of " + key + " stops", Duration.ofSeconds(1), stopping);
        }
    }
}
