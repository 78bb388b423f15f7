package dev.shunt.rollout;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.convert.DurationStyle;

/**
 * What becomes of items that are on Temporal when a rollback is taken.
 *
 * @param recall whether they are taken back to the legacy route in the end
 * @param after how long they may finish first; zero: taken back at once
 */
public record InFlightPolicy(boolean recall, Duration after) {

    private static final Duration LONGEST = Duration.ofHours(1);

    /** They finish on Temporal. */
    public static final InFlightPolicy FINISH = new InFlightPolicy(false, Duration.ZERO);

    /** They are taken back at once. */
    public static final InFlightPolicy RECALL = new InFlightPolicy(true, Duration.ZERO);

    private static final Pattern WAIT = Pattern.compile("wait (\\S+) then recall");

    public InFlightPolicy {
        if (after.isNegative() || after.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("the wait before a recall must be 0s..1h, was " + after);
        }
    }

    /**
     * @param text {@code finish}, {@code recall}, or {@code wait 30s then recall} with 0s..1h
     * @throws IllegalArgumentException naming what it may be
     */
    public static InFlightPolicy of(String text) {
        String words = text.strip().replaceAll("\\s+", " ");
        if (words.equals("finish")) {
            return FINISH;
        }
        if (words.equals("recall")) {
            return RECALL;
        }
        Matcher wait = WAIT.matcher(words);
        if (!wait.matches()) {
            throw new IllegalArgumentException(
                    "must be 'finish', 'recall' or 'wait 30s then recall', was '" + text + "'");
        }
        return new InFlightPolicy(true, DurationStyle.detectAndParse(wait.group(1)));
    }

    @Override
    public String toString() {
        if (!recall) {
            return "finish";
        }
        return after.isZero() ? "recall" : "wait " + after.toSeconds() + "s then recall";
    }
}
