package dev.shunt.bridge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The tables of docs/metrics.md, and a scrape in the same shape: name to type and labels. */
final class MetricsDocument {

    private static final Pattern ROW =
            Pattern.compile("\\| `([a-z_]+)` \\| ([a-z]+)(?:, shared)? \\| ([a-z_, ]*)\\| .*");
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z0-9_:]+)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Set<String> PARTS_OF_A_SERIES = Set.of("le", "quantile");

    /** One metric. */
    record Metric(String type, Set<String> labels) {}

    private MetricsDocument() {}

    static Map<String, Metric> read() throws IOException {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        Files.readAllLines(Path.of("docs/metrics.md")).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .forEach(row -> metrics.put(row.group(1), new Metric(row.group(2), words(row.group(3)))));
        return metrics;
    }

    private static Set<String> words(String labels) {
        return Arrays.stream(labels.split(","))
                .map(String::strip)
                .filter(label -> !label.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** By the name of the family; a histogram's or summary's parts are one, its maximum is a gauge of its own. */
    static Map<String, Metric> of(String scrape) {
        Map<String, Metric> metrics = new TreeMap<>();
        scrape.lines().forEach(line -> {
            Matcher type = TYPE.matcher(line);
            if (type.matches()) {
                metrics.put(type.group(1), new Metric(type.group(2), new TreeSet<>()));
                return;
            }
            Matcher sample = SAMPLE.matcher(line);
            if (sample.matches() && sample.group(2) != null) {
                String name = sample.group(1);
                Metric family = Objects.requireNonNull(
                        metrics.containsKey(name)
                                ? metrics.get(name)
                                : metrics.get(name.replaceAll("_(bucket|sum|count)$", "")),
                        line);
                LABEL.matcher(sample.group(2))
                        .results()
                        .map(label -> label.group(1))
                        .filter(label -> !PARTS_OF_A_SERIES.contains(label))
                        .forEach(family.labels()::add);
            }
        });
        return metrics;
    }
}
