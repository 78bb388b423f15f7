package dev.shunt.intake;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Whether items were refused a moment ago because nothing took them. A backend that is full still answers whoever only reads,
 * so that asking it does not tell. It passes with time alone: a process that gets no more requests has nothing else to
 * recover by.
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

    void refused(String why) {
        last = new Refusal(why, clock.instant());
    }

    /** Why the last one was, if it was a moment ago. */
    Optional<String> recent() {
        Refusal known = last;
        return known == null || Duration.between(known.at(), clock.instant()).compareTo(HOLDS) >= 0
                ? Optional.empty()
                : Optional.of(known.why());
    }
}
