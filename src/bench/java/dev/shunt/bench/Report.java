package dev.shunt.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** What one benchmark found: printed, and written as JSON and Markdown. */
final class Report {

    private static final Path FOLDER = Path.of("target", "bench");

    private static final List<String> PUBLISHED = new ArrayList<>();

    private final String name;
    private final String title;
    private final Map<String, String> environment;
    private final List<String> columns;
    private final List<List<String>> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Map<String, List<Double>> raw = new LinkedHashMap<>();

    Report(String name, String title, Map<String, String> environment, String... columns) {
        this.name = name;
        this.title = title;
        this.environment = new LinkedHashMap<>(environment);
        this.columns = List.of(columns);
    }

    Report row(String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns of " + name);
        }
        rows.add(List.of(cells));
        return this;
    }

    Report note(String note) {
        notes.add(note);
        return this;
    }

    /** Values behind the table, for the JSON file only. */
    Report values(String figure, List<Double> values) {
        raw.put(figure, List.copyOf(values));
        return this;
    }

    void publish() {
        environment.put("load at the end", Machine.load());
        String markdown = markdown();
        System.out.println();
        System.out.println(markdown);
        PUBLISHED.add(markdown);
        try {
            Files.createDirectories(FOLDER);
            Files.writeString(FOLDER.resolve(name + ".md"), markdown);
            Files.writeString(FOLDER.resolve(name + ".json"), json());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** All reports of this run in the order of their numbers, as one text. */
    static void publishTogether() throws IOException {
        Files.writeString(FOLDER.resolve("all.md"), PUBLISHED.stream().sorted().collect(Collectors.joining("\n")));
    }

    private String markdown() {
        var text = new StringBuilder("## ").append(title).append("\n\n");
        text.append(environment.entrySet().stream()
                .map(e -> e.getKey() + ": " + e.getValue())
                .collect(Collectors.joining("; ")));
        text.append(".\n\n").append(line(columns));
        text.append(line(columns.stream().map(column -> "---").toList()));
        rows.forEach(row -> text.append(line(row)));
        if (!notes.isEmpty()) {
            text.append('\n');
            notes.forEach(note -> text.append("- ").append(note).append('\n'));
        }
        return text.toString();
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private String json() {
        List<Map<String, String>> table = rows.stream().map(this::named).toList();
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("benchmark", name);
        whole.put("title", title);
        whole.put("environment", environment);
        whole.put("table", table);
        whole.put("notes", notes);
        whole.put("values", raw);
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(whole) + "\n";
    }

    private Map<String, String> named(List<String> row) {
        Map<String, String> cells = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            cells.put(columns.get(i), row.get(i));
        }
        return cells;
    }
}
