package dev.shunt.workloads.trace;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A time as it travels: to the nanosecond, with the offset that the client wrote.
 *
 * @param local the clock at that offset
 * @param offsetMinutes east of UTC, within a day
 */
record WireTime(LocalDateTime local, int offsetMinutes) {

    private static final String USUAL = "0000-00-00T00:00:00.";

    private static final Pattern RFC_3339 = Pattern.compile(
            "(\\d{4})-(\\d\\d)-(\\d\\d)T(\\d\\d):(\\d\\d):(\\d\\d)" + "(?:\\.(\\d+))?(?:(Z)|([+-])(\\d\\d):(\\d\\d))");

    // What JavaScript's Date reads of ISO 8601: parts may be missing, a date alone is UTC.
    private static final Pattern LENIENT =
            Pattern.compile("(\\d{4})(?:-(\\d\\d)(?:-(\\d\\d))?)?(?:[Tt ](\\d\\d):(\\d\\d)(?::(\\d\\d)(?:\\.(\\d+))?)?"
                    + "(?:([Zz])|([+-])(\\d\\d):?(\\d\\d))?)?");

    static WireTime utc(Instant time) {
        return new WireTime(LocalDateTime.ofInstant(time, ZoneOffset.UTC), 0);
    }

    /** Reads what Go's {@code time.Time} reads: RFC 3339, strictly; digits beyond nanoseconds are cut. */
    static Optional<WireTime> parse(String text) {
        return isUsual(text) ? usual(text) : read(RFC_3339.matcher(text));
    }

    /** Reads what the old worker's {@code new Date(text)} read of ISO 8601; without an offset it is UTC. */
    static Optional<WireTime> parseLeniently(String text) {
        return isUsual(text) ? usual(text) : read(LENIENT.matcher(text));
    }

    Instant instant() {
        return local.toInstant(ZoneOffset.UTC).minus(offsetMinutes, ChronoUnit.MINUTES);
    }

    /** RFC 3339 as Go writes it: trailing zeros of the fraction cut, {@code Z} for no offset. */
    String text() {
        var text = new StringBuilder(35);
        pad(text, local.getYear(), 4).append('-');
        pad(text, local.getMonthValue(), 2).append('-');
        pad(text, local.getDayOfMonth(), 2).append('T');
        pad(text, local.getHour(), 2).append(':');
        pad(text, local.getMinute(), 2).append(':');
        pad(text, local.getSecond(), 2);
        int nanos = local.get(ChronoField.NANO_OF_SECOND);
        if (nanos > 0) {
            int end = pad(text.append('.'), nanos, 9).length();
            while (text.charAt(end - 1) == '0') {
                end--;
            }
            text.setLength(end);
        }
        if (offsetMinutes == 0) {
            return text.append('Z').toString();
        }
        int distance = Math.abs(offsetMinutes);
        pad(text.append(offsetMinutes < 0 ? '-' : '+'), distance / 60, 2).append(':');
        return pad(text, distance % 60, 2).toString();
    }

    /** {@code 2026-11-21T10:00:00.123456Z}: what nearly every client sends, and both patterns take; digits after 9 do not. */
    private static boolean isUsual(String text) {
        int end = text.length() - 1;
        if (end < 19 || end > 29 || end == 20 || text.charAt(end) != 'Z') {
            return false;
        }
        for (int i = 0; i < end; i++) {
            char wanted = i < USUAL.length() ? USUAL.charAt(i) : '0';
            char c = text.charAt(i);
            if (wanted == '0' ? c < '0' || c > '9' : c != wanted) {
                return false;
            }
        }
        return true;
    }

    private static Optional<WireTime> usual(String text) {
        int end = text.length() - 1;
        int nanos = 0;
        for (int i = 20; i < 29; i++) {
            nanos = 10 * nanos + (i < end ? text.charAt(i) - '0' : 0);
        }
        try {
            return Optional.of(new WireTime(
                    LocalDateTime.of(
                            digits(text, 0, 4),
                            digits(text, 5, 7),
                            digits(text, 8, 10),
                            digits(text, 11, 13),
                            digits(text, 14, 16),
                            digits(text, 17, 19),
                            nanos),
                    0));
        } catch (DateTimeException noSuchDay) {
            return Optional.empty();
        }
    }

    private static int digits(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    private static Optional<WireTime> read(Matcher form) {
        if (!form.matches()) {
            return Optional.empty();
        }
        int offsetHours = number(form.group(10), 0);
        int offsetMinutes = number(form.group(11), 0);
        if (offsetHours > 23 || offsetMinutes > 59) {
            return Optional.empty();
        }
        try {
            int distance = offsetHours * 60 + offsetMinutes;
            return Optional.of(new WireTime(
                    LocalDateTime.of(
                            number(form.group(1), 0),
                            number(form.group(2), 1),
                            number(form.group(3), 1),
                            number(form.group(4), 0),
                            number(form.group(5), 0),
                            number(form.group(6), 0),
                            nanos(form.group(7))),
                    "-".equals(form.group(9)) ? -distance : distance));
        } catch (DateTimeException noSuchDay) {
            return Optional.empty();
        }
    }

    private static int number(@Nullable String digits, int absent) {
        return digits == null ? absent : Integer.parseInt(digits);
    }

    private static int nanos(@Nullable String fraction) {
        return fraction == null ? 0 : Integer.parseInt((fraction + "000000000").substring(0, 9));
    }

    private static StringBuilder pad(StringBuilder text, int value, int width) {
        String digits = Integer.toString(value);
        return text.repeat("0", Math.max(0, width - digits.length())).append(digits);
    }
}
