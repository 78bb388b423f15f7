package dev.shunt.configuration;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.util.unit.DataSize;

/**
 * What a key may be, as its Javadoc says it: {@code 100 ms..30 s}, {@code 0..10 000}, {@code 1 KB..64 MB}. Bounds are
 * included.
 *
 * @param least and most as an operator writes them, for example {@code 100ms}
 */
record Range(String least, String most) {

    private static final String VALUE = "(\\d+(?:[ ,]\\d{3})*(?:\\.\\d+)?)(?: ?(ms|s|min|m|h|d|KB|MB|GB)\\b)?";
    private static final Pattern FORM = Pattern.compile(VALUE + "\\.\\." + VALUE);
    private static final Set<Class<?>> NUMBERS = Set.of(int.class, long.class, double.class, BigDecimal.class);
    private static final Map<String, String> SPELLING = Map.of("min", "m");

    /** The last range of a description; a unit that only the upper bound has holds for both, and zero needs none. */
    static Optional<Range> in(String description) {
        Matcher form = FORM.matcher(description);
        return form.results().reduce((first, last) -> last).map(Range::of);
    }

    /** Whether keys of this type are only finished when their range is said. */
    static boolean bounds(Class<?> type) {
        return NUMBERS.contains(type) || type == Duration.class || type == DataSize.class;
    }

    private static Range of(MatchResult found) {
        String unit = unit(found.group(4));
        String least = found.group(2) == null ? unit : unit(found.group(2));
        String number = digits(found.group(1));
        return new Range(number.equals("0") ? number : number + least, digits(found.group(3)) + unit);
    }

    private static String digits(String number) {
        return number.replaceAll("[ ,]", "");
    }

    @SuppressWarnings("NullAway") // a group that did not match
    private static String unit(String name) {
        return name == null ? "" : SPELLING.getOrDefault(name, name);
    }

    /** The values next to the bounds that are outside. */
    List<String> outside(Class<?> type) {
        if (type == Duration.class) {
            return List.of(
                    duration(least).minusMillis(1).toMillis() + "ms",
                    duration(most).plusMillis(1).toMillis() + "ms");
        }
        if (type == DataSize.class) {
            return List.of(
                    DataSize.parse(least).toBytes() - 1 + "B",
                    DataSize.parse(most).toBytes() + 1 + "B");
        }
        BigDecimal step = type == int.class || type == long.class ? BigDecimal.ONE : new BigDecimal("0.0000001");
        if (type == BigDecimal.class) {
            step = new BigDecimal("0.01"); // a percentage has no finer steps
        }
        return List.of(
                new BigDecimal(least).subtract(step).toPlainString(),
                new BigDecimal(most).add(step).toPlainString());
    }

    /** The ways in which a message may write a bound. */
    static List<String> spellings(Class<?> type, String bound) {
        if (type == Duration.class) {
            Duration duration = duration(bound);
            return List.of(bound, duration.toString(), Long.toString(duration.toMillis()));
        }
        if (type == DataSize.class) {
            return List.of(bound, Long.toString(DataSize.parse(bound).toBytes()));
        }
        return List.of(bound, bound + ".0", Double.toString(Double.parseDouble(bound)));
    }

    private static Duration duration(String value) {
        return org.springframework.boot.convert.DurationStyle.detectAndParse(value);
    }

    @Override
    public String toString() {
        return least + ".." + most;
    }
}
