package dev.shunt.legacy;

import dev.shunt.core.ItemKey;
import dev.shunt.core.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries a step until its backend is back, with the batch in hand: a transient fault never costs a message. */
final class Patience {

    private static final Logger log = LoggerFactory.getLogger(Patience.class);

    private final Pulse pulse;
    private final StopSignal stop;
    private final LegacySettings settings;
    private final Waits.Place place;

    Patience(Pulse pulse, StopSignal stop, LegacySettings settings, Waits.Place place) {
        this.pulse = pulse;
        this.stop = stop;
        this.settings = settings;
        this.place = place;
    }

    /** @param step what is tried, for the log */
    <T> T until(String step, Supplier<T> attempt) {
        return until(step, List.of(), attempt);
    }

    /** @param keys the items that wait meanwhile */
    <T> T until(String step, List<ItemKey> keys, Supplier<T> attempt) {
        var backoff = new Backoff(settings.firstRetry(), settings.longestRetry());
        for (int tries = 1; ; tries++) {
            try {
                T result = attempt.get();
                pulse.beat();
                place.over();
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
                rest(step, keys, tries, pause, away);
            }
        }
    }

    /** Waits a little with messages in hand and says so. */
    void rest(String from, List<ItemKey> keys, int tries, Duration pause, Throwable why) {
        pulse.backingOff(from);
        place.failed(from, keys, tries, pause, why);
        try {
            stop.holdOn(pause);
        } finally {
            pulse.beat();
        }
    }
}
