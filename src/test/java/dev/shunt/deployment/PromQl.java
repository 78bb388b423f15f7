package dev.shunt.deployment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much of PromQL as is needed to say which series an expression asks for. */
final class PromQl {

    private static final Pattern TEXT = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern LABEL_LIST =
            Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
    private static final Pattern SELECTOR =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)\\s*(\\{[^}]*})?(?!\\s*\\(|[a-zA-Z0-9_:])");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");
    private static final Pattern LIMIT =
            Pattern.compile("histogram_quantile\\(.*?(\\w+)_bucket.*?\\)\\)\\)?\\)\\s*>\\s*(\\d+)");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\w+");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "offset", "bool");

    private PromQl() {}

    /**
     * What one place of an expression asks for.
     *
     * @param equal labels that must have a value, with that value
     * @param labels all labels that are asked for
     */
    record Selector(String metric, Map<String, String> equal, Set<String> labels) {

        boolean takes(Scrape.Series series) {
            return series.name().equals(metric)
                    && series.labels().keySet().containsAll(labels)
                    && equal.entrySet().stream()
                            .allMatch(label ->
                                    label.getValue().equals(series.labels().get(label.getKey())));
        }
    }

    /** A quantile that is held against a limit: the buckets must reach further than that. */
    record Limit(String histogram, double seconds) {}

    static List<Selector> selectors(String expression) {
        String masked = mask(expression);
        List<Selector> found = new ArrayList<>();
        Matcher place = SELECTOR.matcher(masked);
        while (place.find()) {
            if (isDuration(masked, place.start()) || WORDS.contains(place.group(1))) {
                continue;
            }
            Map<String, String> equal = new LinkedHashMap<>();
            Set<String> labels = new TreeSet<>();
            String matchers = place.group(2) == null ? "" : expression.substring(place.start(2), place.end(2));
            Matcher matcher = MATCHER.matcher(matchers);
            while (matcher.find()) {
                labels.add(matcher.group(1));
                if (matcher.group(2).equals("=")) {
                    equal.put(matcher.group(1), matcher.group(3));
                }
            }
            found.add(new Selector(place.group(1), equal, labels));
        }
        return found;
    }

    static List<Limit> limits(String expression) {
        return LIMIT.matcher(expression.replace('\n', ' '))
                .results()
                .map(limit -> new Limit(limit.group(1), Double.parseDouble(limit.group(2))))
                .toList();
    }

    /** Texts and lists of labels as blanks, at the same places. */
    private static String mask(String expression) {
        String masked = TEXT.matcher(expression)
                .replaceAll(text -> "\"" + " ".repeat(text.group().length() - 2) + "\"");
        masked = LABEL_LIST
                .matcher(masked)
                .replaceAll(list -> " ".repeat(list.group().length()));
        return VARIABLE.matcher(masked)
                .replaceAll(variable -> " ".repeat(variable.group().length()));
    }

    /** The letter of 5m, and what follows a number. */
    private static boolean isDuration(String text, int at) {
        return at > 0 && Character.isLetterOrDigit(text.charAt(at - 1));
    }
}
