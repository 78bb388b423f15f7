package dev.shunt.deployment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a service answered to Prometheus. */
record Scrape(List<Series> series) {

    private static final Pattern LINE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** One line. */
    record Series(String name, Map<String, String> labels, double value) {}

    static Scrape of(String text) {
        return new Scrape(text.lines()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .map(Scrape::series)
                .toList());
    }

    boolean has(PromQl.Selector asked) {
        return series.stream().anyMatch(asked::takes);
    }

    /** Whether one of those that are asked for has a number. */
    boolean hasNumber(PromQl.Selector asked) {
        return series.stream().anyMatch(one -> asked.takes(one) && !Double.isNaN(one.value()));
    }

    /** The largest finite bound of a histogram's buckets, in seconds. */
    double largestBucket(String histogram) {
        return series.stream()
                .filter(one -> one.name().equals(histogram + "_bucket"))
                .map(one -> one.labels().getOrDefault("le", "+Inf"))
                .filter(bound -> !bound.equals("+Inf"))
                .mapToDouble(Double::parseDouble)
                .max()
                .orElse(Double.NaN);
    }

    private static double number(String text) {
        return text.endsWith("Inf") ? Double.parseDouble(text.replace("Inf", "Infinity")) : Double.parseDouble(text);
    }

    private static Series series(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new IllegalArgumentException("no line of a scrape: " + line);
        }
        Map<String, String> labels = new LinkedHashMap<>();
        if (parts.group(2) != null) {
            LABEL.matcher(parts.group(2)).results().forEach(label -> labels.put(label.group(1), label.group(2)));
        }
        return new Series(parts.group(1), labels, number(parts.group(3)));
    }
}
