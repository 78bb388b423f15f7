package dev.shunt.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** The manifests held against what the service needs; {@code deploy/kubernetes/validate} holds them against Kubernetes. */
class KubernetesTest {

    private static final Path FOLDER = Path.of("deploy", "kubernetes");
    private final List<Map<String, Object>> manifests = manifests();

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "legacy-consumer", "temporal-worker", "controller", "console"})
    void each_role_has_a_deployment_of_its_own_with_a_budget_and_room(String role) {
        Map<String, Object> deployment = named("Deployment", "shunt-" + role);
        Map<String, Object> container = container(deployment);

        assertThat(value(container, "SHUNT_ROLES")).isEqualTo(role);
        assertThat(at(container, "livenessProbe", "httpGet", "path")).isEqualTo("/health");
        assertThat(at(container, "livenessProbe", "initialDelaySeconds")).isEqualTo(10);
        assertThat(at(container, "livenessProbe", "periodSeconds")).isEqualTo(30);
        assertThat(at(container, "readinessProbe", "httpGet", "path")).isEqualTo("/ready");
        assertThat(at(container, "readinessProbe", "initialDelaySeconds")).isEqualTo(5);
        assertThat(at(container, "readinessProbe", "periodSeconds")).isEqualTo(10);
        assertThat(at(container, "resources"))
                .isEqualTo(Map.of(
                        "requests", Map.of("cpu", "500m", "memory", "256Mi"),
                        "limits", Map.of("cpu", "2", "memory", "1Gi")));
        assertThat(at(named("PodDisruptionBudget", "shunt-" + role), "spec", "selector"))
                .isEqualTo(at(deployment, "spec", "selector"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "legacy-consumer", "temporal-worker", "controller", "console"})
    void a_long_migration_is_neither_killed_nor_given_up(String role) {
        Map<String, Object> deployment = named("Deployment", "shunt-" + role);
        Map<String, Object> container = container(deployment);
        int patience = number(at(container, "startupProbe", "periodSeconds"))
                * number(at(container, "startupProbe", "failureThreshold"));

        assertThat(patience).isGreaterThanOrEqualTo(1_800);
        assertThat(number(at(deployment, "spec", "progressDeadlineSeconds"))).isGreaterThan(patience);
    }

    @Test
    void the_table_of_connections_is_what_the_manifests_may_ask_for() {
        int least = 0;
        int most = 0;
        int surge = 0;
        for (String row : rows("\\| `(ingest|legacy-consumer|temporal-worker|controller|console)` \\|.*")) {
            String[] cells = row.split(" *\\| *", -1);
            String role = cells[1].replace("`", "");
            int each = 0;
            for (int cell = 2; cell <= 8; cell++) {
                each += number(cells[cell]);
            }
            assertThat(number(cells[9])).as(row).isEqualTo(each);
            assertThat(value(container(named("Deployment", "shunt-" + role)), "POSTGRES_MAX_CONNS"))
                    .as(row)
                    .isEqualTo(cells[2]);
            assertThat(List.of(cells[10], cells[11])).as(row).isEqualTo(replicas("shunt-" + role));
            least += each * number(cells[10]);
            most += each * number(cells[11]);
            surge += each;
        }
        assertThat(cell("least replicas")).isEqualTo(least);
        assertThat(cell("most replicas")).isEqualTo(most);
        assertThat(cell("an update adds one pod of each role")).isEqualTo(surge).isPositive();
        assertThat(cell("`max_connections`"))
                .isEqualTo(most + surge + cell("for people, backups and the server itself"));
    }

    @Test
    void whoever_asks_custom_gates_may_reach_https() {
        assertThat(String.valueOf(named("NetworkPolicy", "shunt-to-https")))
                .contains("values=[controller, console]")
                .contains("port=443");
    }

    @Test
    void prometheus_and_the_rollback_card_name_what_is_there() {
        Map<String, Object> scraped = service("shunt-metrics");
        Map<String, Object> port = first(at(scraped, "spec", "ports"));
        assertThat(Monitoring.read(Path.of("deploy", "monitoring", "prometheus-kubernetes.yaml")))
                .contains("job_name: shunt\n")
                .contains("rule_files:\n  - alerts.yaml\n")
                .contains("_" + port.get("name") + "._tcp.shunt-metrics.shunt.svc");
        assertThat(at(scraped, "spec", "clusterIP")).isEqualTo("None");

        Runbook card = new Runbook(Monitoring.read(Path.of("migration-runbook.md"))).chapter("Rollback card");
        Object open = first(at(service("shunt-console"), "spec", "ports")).get("port");
        assertThat(card.line("Kubernetes, first"))
                .isEqualTo("kubectl -n shunt port-forward svc/shunt-console 8080:" + open);
        Map<String, Object> token = env(container(named("Deployment", "shunt-console"))).stream()
                .filter(variable -> "SHUNT_API_TOKEN".equals(variable.get("name")))
                .findFirst()
                .orElseThrow();
        assertThat(card.line("Kubernetes, then"))
                .contains("get secret " + at(token, "valueFrom", "secretKeyRef", "name") + " ")
                .contains("{.data." + at(token, "valueFrom", "secretKeyRef", "key") + "}");
    }

    @Test
    void secrets_are_named_and_never_written_down() {
        assertThat(manifests).noneMatch(manifest -> "Secret".equals(manifest.get("kind")));
        for (Map<String, Object> deployment : all("Deployment")) {
            for (Map<String, Object> variable : env(container(deployment))) {
                if (String.valueOf(variable.get("name")).matches(".*(PASSWORD|TOKEN|REDIS_URL)")) {
                    assertThat(at(variable, "valueFrom", "secretKeyRef", "name"))
                            .as(String.valueOf(variable))
                            .isEqualTo("shunt");
                }
            }
        }
        assertThat(at(named("ConfigMap", "shunt"), "data").toString()).doesNotContainPattern("(?i)password|token");
    }

    @Test
    void nothing_runs_as_root_or_writes_to_its_own_image() {
        assertThat(all("Deployment")).hasSize(5).allSatisfy(deployment -> {
            assertThat(at(deployment, "spec", "template", "spec", "securityContext", "runAsNonRoot"))
                    .isEqualTo(true);
            assertThat(at(container(deployment), "securityContext", "readOnlyRootFilesystem"))
                    .isEqualTo(true);
        });
    }

    @Test
    void what_is_scaled_is_a_deployment_that_is_there_and_leaves_its_replicas_alone() {
        assertThat(all("HorizontalPodAutoscaler")).hasSize(3).allSatisfy(scaler -> {
            Map<String, Object> deployment =
                    named("Deployment", String.valueOf(at(scaler, "spec", "scaleTargetRef", "name")));
            assertThat(at(deployment, "spec", "replicas")).isEqualTo("");
        });
        String served = Monitoring.read(FOLDER.resolve("prometheus-adapter.yaml"));
        List<Object> asked = new ArrayList<>();
        for (Map<String, Object> scaler : all("HorizontalPodAutoscaler")) {
            for (Object metric : (List<?>) at(scaler, "spec", "metrics")) {
                if ("External".equals(at(metric, "type"))) {
                    asked.add(at(metric, "external", "metric", "name"));
                    assertThat(served).contains("name: { as: " + asked.getLast() + " }");
                }
            }
        }
        // The second sees messages that say no time.
        assertThat(asked).contains("shunt_oldest_waiting_seconds", "shunt_in_flight");
    }

    private Map<String, Object> named(String kind, String name) {
        return all(kind).stream()
                .filter(manifest -> name.equals(at(manifest, "metadata", "name")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no " + kind + " " + name));
    }

    private List<Map<String, Object>> all(String kind) {
        return manifests.stream()
                .filter(manifest -> kind.equals(manifest.get("kind")))
                .toList();
    }

    private Map<String, Object> service(String name) {
        return named("Service", name);
    }

    /** At least and at most so many, of the autoscaler or fixed. */
    private List<String> replicas(String deployment) {
        Object fixed = at(named("Deployment", deployment), "spec", "replicas");
        if (!"".equals(fixed)) {
            return List.of(fixed.toString(), fixed.toString());
        }
        Map<String, Object> scaler = named("HorizontalPodAutoscaler", deployment);
        return List.of(
                at(scaler, "spec", "minReplicas").toString(),
                at(scaler, "spec", "maxReplicas").toString());
    }

    private static List<String> rows(String pattern) {
        List<String> rows = Monitoring.read(Path.of("deploy", "README.md"))
                .lines()
                .filter(line -> line.matches(pattern))
                .toList();
        assertThat(rows).as(pattern).isNotEmpty();
        return rows;
    }

    /** The number in the second cell of a row of deploy/README.md. */
    private static int cell(String first) {
        return number(rows("\\| " + Pattern.quote(first) + " \\| [0-9]+ \\|")
                .getFirst()
                .replaceAll("\\D", ""));
    }

    private static int number(Object text) {
        return Integer.parseInt(text.toString());
    }

    private static Map<String, Object> first(Object list) {
        return typed(((List<?>) list).getFirst());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> container(Map<String, Object> deployment) {
        return ((List<Map<String, Object>>) at(deployment, "spec", "template", "spec", "containers")).getFirst();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> env(Map<String, Object> container) {
        return (List<Map<String, Object>>) at(container, "env");
    }

    private static Object value(Map<String, Object> container, String name) {
        return env(container).stream()
                .filter(variable -> name.equals(variable.get("name")))
                .map(variable -> variable.get("value"))
                .findFirst()
                .orElse("");
    }

    /** What lies at a path; empty text if nothing does. */
    private static Object at(Object from, String... path) {
        @Nullable Object here = from;
        for (String step : path) {
            here = here instanceof Map<?, ?> map ? map.get(step) : null;
        }
        return here == null ? "" : here;
    }

    private static List<Map<String, Object>> manifests() {
        Map<String, Object> kustomization = new Yaml().load(Monitoring.read(FOLDER.resolve("kustomization.yaml")));
        List<Map<String, Object>> manifests = new ArrayList<>();
        for (Object file : (List<?>) at(kustomization, "resources")) {
            for (Object manifest : new Yaml().loadAll(Monitoring.read(FOLDER.resolve(String.valueOf(file))))) {
                manifests.add(typed(manifest));
            }
        }
        return manifests;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> typed(Object manifest) {
        return (Map<String, Object>) manifest;
    }
}
