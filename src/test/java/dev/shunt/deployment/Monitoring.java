package dev.shunt.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The alerts and the dashboards, as files. */
final class Monitoring {

    static final Path FOLDER = Path.of("deploy", "monitoring");
    private static final Pattern VALUES_OF = Pattern.compile("label_values\\(\\s*(\\w+)\\s*,\\s*(\\w+)\\s*\\)");

    private Monitoring() {}

    /** One rule. */
    record Alert(String name, String expression, Map<String, String> labels, Map<String, String> annotations) {}

    /** One question of a dashboard. */
    record Query(String dashboard, String panel, String expression) {}

    static List<Alert> alerts() {
        List<Alert> alerts = new ArrayList<>();
        for (Map<String, Object> group : list(yaml("alerts.yaml"), "groups")) {
            for (Map<String, Object> rule : list(group, "rules")) {
                alerts.add(new Alert(
                        String.valueOf(rule.get("alert")),
                        String.valueOf(rule.get("expr")),
                        texts(rule, "labels"),
                        texts(rule, "annotations")));
            }
        }
        return alerts;
    }

    /** Each case of the rule tests: the alert and what is expected of it. */
    static List<Map<String, Object>> cases() {
        List<Map<String, Object>> cases = new ArrayList<>();
        list(yaml("alerts.test.yaml"), "tests").forEach(test -> cases.addAll(list(test, "alert_rule_test")));
        return cases;
    }

    static List<JsonNode> dashboards() {
        try (Stream<Path> files = Files.list(FOLDER.resolve("grafana").resolve("dashboards"))) {
            return files.sorted().map(Monitoring::json).toList();
        } catch (IOException e) {
            throw new IllegalStateException("the dashboards cannot be read", e);
        }
    }

    static List<Query> queries() {
        List<Query> queries = new ArrayList<>();
        for (JsonNode dashboard : dashboards()) {
            String uid = dashboard.path("uid").asString();
            for (JsonNode panel : dashboard.path("panels")) {
                panel.path("targets")
                        .forEach(target -> queries.add(new Query(
                                uid,
                                panel.path("title").asString(),
                                target.path("expr").asString())));
            }
            dashboard.path("templating").path("list").forEach(variable -> {
                if (variable.path("type").asString().equals("query")) {
                    queries.add(new Query(uid, variable.path("name").asString(), valuesOf(variable)));
                }
            });
            dashboard
                    .path("annotations")
                    .path("list")
                    .forEach(note -> queries.add(new Query(
                            uid, note.path("name").asString(), note.path("expr").asString())));
        }
        return queries;
    }

    /** What a variable offers, as an expression: the series must be there, and have the label. */
    private static String valuesOf(JsonNode variable) {
        String asked = variable.path("query").path("query").asString();
        Matcher values = VALUES_OF.matcher(asked);
        if (!values.matches()) {
            throw new IllegalStateException("a variable that no test understands: " + asked);
        }
        return "%s{%s!=\"\"}".formatted(values.group(1), values.group(2));
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(file + " cannot be read", e);
        }
    }

    private static Map<String, Object> yaml(String name) {
        return new Yaml().load(read(FOLDER.resolve(name)));
    }

    private static JsonNode json(Path file) {
        return JsonMapper.shared().readTree(read(file));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Map<String, Object> of, String name) {
        return of.get(name) instanceof List<?> list ? (List<Map<String, Object>>) list : List.of();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> texts(Map<String, Object> of, String name) {
        return of.get(name) instanceof Map<?, ?> map ? (Map<String, String>) map : Map.of();
    }
}
