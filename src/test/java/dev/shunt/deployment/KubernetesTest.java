package dev.shunt.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        for (Map<String, Object> scaler : all("HorizontalPodAutoscaler")) {
            for (Object metric : (List<?>) at(scaler, "spec", "metrics")) {
                Object external = at(metric, "external", "metric", "name");
                assertThat(served).contains(String.valueOf(external));
            }
        }
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
