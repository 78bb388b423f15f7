package dev.shunt.workloads.trace;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Times of queue messages as the old worker's {@code parseDate} took them. */
final class MessageTimes {

    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final BigDecimal MOST_MILLIS = new BigDecimal("8.64e15"); // the range of JavaScript's Date

    private MessageTimes() {}

    /** To the microsecond; null if it is absent, unreadable or before 2000. A number counts milliseconds since 1970. */
    static @Nullable Instant read(Json value) {
        Instant time = switch (value) {
            case Json.Str text ->
                WireTime.parseLeniently(text.value()).map(WireTime::instant).orElse(Instant.MIN);
            case Json.Num number -> ofMillis(new BigDecimal(number.text()));
            default -> Instant.MIN;
        };
        return time.isBefore(EARLIEST) ? null : time.truncatedTo(ChronoUnit.MICROS);
    }

    /** Whether JavaScript takes it for no value at all. */
    static boolean isNone(Json value) {
        return switch (value) {
            case Json.Null ignored -> true;
            case Json.Str text -> text.value().isEmpty();
            case Json.Bool bool -> !bool.value();
            case Json.Num number -> new BigDecimal(number.text()).signum() == 0;
            default -> false;
        };
    }

    private static Instant ofMillis(BigDecimal millis) {
        if (millis.abs().compareTo(MOST_MILLIS) > 0) {
            return Instant.MIN;
        }
        return Instant.ofEpochMilli(millis.setScale(0, RoundingMode.DOWN).longValueExact());
    }
}
