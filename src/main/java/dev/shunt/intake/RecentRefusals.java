package dev.shunt.intake;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Whether items were refused a moment ago and none was taken since. A backend that is full still answers whoever only reads,
 * so that asking it does not tell; it refuses everything, while a single refusal among items that are taken says nothing
 * about the next one. It passes with time, too: a process that gets no more requests has nothing else to recover by.
 */
@Component
final class RecentRefusals {

    /** Long enough for whoever asks every few seconds while requests come in. */
    static final Duration HOLDS = Duration.ofSeconds(5);

    private final Clock clock;
    private volatile @Nullable Refusal last;

    private record Refusal(String why, Instant at) {}

    RecentRefusals(Clock clock) {
        this.clock = clock;
    }

    /** @param why without names of items: it is shown to whoever asks for the health */
    void refused(String why) {
        last = new Refusal(why, clock.instant());
    }

    /** An item was taken, or is already there. */
    void taken() {
        if (last != null) { // each item comes by here
            last = null;
        }
    }

    /** Why the last one was, if it was a moment ago and nothing was taken since. */
    Optional<String> recent() {
        Refusal known = last;
        return known == null || Duration.between(known.at(), clock.instant()).compareTo(HOLDS) >= 0
                ? Optional.empty()
                : Optional.of(known.why());
    }
}
