package dev.shunt.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a rollback does about items that are on Temporal already.
 *
 * @param kind what
 * @param patience how long they may finish there before they are recalled; zero unless {@link Kind#WAIT}
 */
public record InFlightPolicy(Kind kind, Duration patience) {

    /** They finish where they are. */
    public static final InFlightPolicy FINISH = new InFlightPolicy(Kind.FINISH, Duration.ZERO);
    /** They are handed to legacy at once. */
    public static final InFlightPolicy RECALL = new InFlightPolicy(Kind.RECALL, Duration.ZERO);

    private static final Pattern WAIT = Pattern.compile("wait (\\d{1,6}) ?(s|m|h|) then recall");
    private static final Duration LONGEST = Duration.ofDays(7);

    /** What becomes of an item in flight. */
    public enum Kind {
        FINISH,
        RECALL,
        WAIT
    }

    public InFlightPolicy {
        if (kind == Kind.WAIT && (patience.compareTo(Duration.ofSeconds(1)) < 0 || patience.compareTo(LONGEST) > 0)) {
            throw new IllegalArgumentException("wait must be 1s..7d, was " + patience.toSeconds() + "s");
        }
    }

    /**
     * @param text {@code finish}, {@code recall} or {@code wait <n>[s|m|h] then recall}; seconds without a unit
     * @throws IllegalArgumentException if it is none of these, or the wait is not 1 s to 7 days
     */
    public static InFlightPolicy of(String text) {
        String words = text.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
        Matcher wait = WAIT.matcher(words);
        if (wait.matches()) {
            long number = Long.parseLong(wait.group(1));
            return new InFlightPolicy(
                    Kind.WAIT,
                    switch (wait.group(2)) {
                        case "m" -> Duration.ofMinutes(number);
                        case "h" -> Duration.ofHours(number);
                        default -> Duration.ofSeconds(number);
                    });
        }
        return switch (words) {
            case "finish" -> FINISH;
            case "recall" -> RECALL;
            default ->
                throw new IllegalArgumentException(
                        "must be finish, recall or 'wait <n>s then recall', was '" + text + "'");
        };
    }

    /** When items are recalled; empty if they are left to finish. */
    Optional<Instant> recallsAt(Instant orderedAt) {
        return kind == Kind.FINISH ? Optional.empty() : Optional.of(orderedAt.plus(patience));
    }

    /** As {@link #of} reads it. */
    @Override
    public String toString() {
        return switch (kind) {
            case FINISH -> "finish";
            case RECALL -> "recall";
            case WAIT -> "wait " + patience.toSeconds() + "s then recall";
        };
    }
}
