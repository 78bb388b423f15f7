package dev.shunt.console;

import dev.shunt.comparison.GateOutcome;
import dev.shunt.console.Figure.Look;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the status page says things. */
final class PageWords {

    private PageWords() {}

    /** Two units at most: {@code 2 h 14 min}. */
    static String duration(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds >= 86_400) {
            return seconds / 86_400 + " d" + rest(seconds % 86_400 / 3_600, " h");
        }
        if (seconds >= 3_600) {
            return seconds / 3_600 + " h" + rest(seconds % 3_600 / 60, " min");
        }
        return seconds >= 60 ? seconds / 60 + " min" + rest(seconds % 60, " s") : seconds + " s";
    }

    private static String rest(long number, String unit) {
        return number == 0 ? "" : " " + number + unit;
    }

    static String millis(Duration duration) {
        long millis = duration.toMillis();
        return millis < 10_000 ? ReportPage.number(millis) + " ms" : duration(duration);
    }

    static String time(@Nullable Instant time) {
        return time == null ? "" : ReportPage.time(time) + " UTC";
    }

    static String share(long part, long whole) {
        return String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
    }

    /** A class name of the style sheet. */
    static String mood(GateOutcome outcome) {
        return switch (outcome) {
            case PASS -> "good";
            case FAIL -> "bad";
            case INCONCLUSIVE, NO_DATA -> "open";
        };
    }

    /** The shape says it too, for who does not see the colour. */
    static String mark(GateOutcome outcome) {
        return switch (outcome) {
            case PASS -> "\u2713";
            case FAIL -> "\u2717";
            case INCONCLUSIVE -> "\u2026";
            case NO_DATA -> "?";
        };
    }

    static String outcome(GateOutcome outcome) {
        return switch (outcome) {
            case PASS -> "pass";
            case FAIL -> "FAIL";
            case INCONCLUSIVE -> "inconclusive";
            case NO_DATA -> "no data";
        };
    }

    /** Why something is not there, or older than it should be; empty if it is fresh. */
    static String trouble(Look<?> look) {
        if (look.problem() == null) {
            return "";
        }
        return look.value() == null ? look.problem() : look.problem() + "; shown as of " + time(look.at());
    }
}
