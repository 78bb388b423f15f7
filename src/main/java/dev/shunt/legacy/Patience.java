package dev.shunt.legacy;

import dev.shunt.core.UnavailableException;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries a step until its backend is back, with the batch in hand: a transient fault never costs a message. */
final class Patience {

    private static final Logger log = LoggerFactory.getLogger(Patience.class);

    private final Pulse pulse;
    private final StopSignal stop;
    private final LegacySettings settings;

    Patience(Pulse pulse, StopSignal stop, LegacySettings settings) {
        this.pulse = pulse;
        this.stop = stop;
        this.settings = settings;
    }

    /** @param step what is tried, for the log */
    <T> T until(String step, Supplier<T> attempt) {
        var backoff = new Backoff(settings.firstRetry(), settings.longestRetry());
        for (int tries = 1; ; tries++) {
            try {
                T result = attempt.get();
                pulse.beat();
                if (tries > 1) {
                    log.info("Could go on {} after {} tries", step, tries);
                }
                return result;
            } catch (UnavailableException away) {
                Duration pause = backoff.next();
                if (tries == 1) {
                    log.warn(
                            "Could not go on {}: {}. The messages stay in hand; tried again from {} on",
                            step,
                            away.getMessage(),
                            pause);
                }
                rest(step, pause);
            }
        }
    }

    /** Waits a little with messages in hand and says so. */
    void rest(String from, Duration pause) {
        pulse.backingOff(from);
        try {
            stop.holdOn(pause);
        } finally {
            pulse.beat();
        }
    }
}
