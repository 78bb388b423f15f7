package dev.shunt.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

class ComposeTest {

    private static final Path FOLDER = Path.of("compose");
    private static final Set<String> ONE_SHOT = Set.of("temporal-schema", "temporal-namespace");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)(:?[-?][^}]*)?}");

    private final String text = read(FOLDER.resolve("compose.yaml"));
    private final Map<String, Object> compose = new Yaml().load(text);
    private final Map<String, Map<String, Object>> services = part(compose, "services");

    @Test
    void a_service_depends_only_on_services_that_are_there_and_can_fulfil_it() {
        services.forEach((name, service) -> ComposeTest.<Map<String, Object>>part(service, "depends_on")
                .forEach((needed, condition) -> {
                    assertThat(services).as(name).containsKey(needed);
                    if (ONE_SHOT.contains(needed)) {
                        assertThat(condition)
                                .as(name + " on " + needed)
                                .containsEntry("condition", "service_completed_successfully");
                    } else {
                        assertThat(condition).as(name + " on " + needed).containsEntry("condition", "service_healthy");
                        assertThat(services.get(needed)).as(needed).containsKey("healthcheck");
                    }
                }));
    }

    @Test
    void volumes_are_declared_and_mounted_files_exist() {
        Set<String> used = new HashSet<>();
        services.values()
                .forEach(service -> list(service, "volumes").forEach(mount -> {
                    String source = mount.substring(0, mount.indexOf(':'));
                    if (source.startsWith(".")) {
                        assertThat(FOLDER.resolve(source)).exists();
                    } else {
                        used.add(source);
                    }
                }));

        assertThat(part(compose, "volumes").keySet()).isEqualTo(used);
    }

    @Test
    void images_are_pinned_and_neither_auto_setup_nor_tctl_is_used() {
        services.forEach((name, service) ->
                assertThat(String.valueOf(service.get("image"))).as(name).matches("[^:]+:(?!latest).+"));
        assertThat(text).doesNotContain("auto-setup").doesNotContain("tctl");
        assertThat(services.get("temporal-schema")).containsEntry("image", image("temporal-cli"));
        assertThat(image("temporal").split(":")[1])
                .isEqualTo(image("temporal-schema").split(":")[1]);
    }

    @Test
    void temporal_has_a_postgres_of_its_own() {
        assertThat(part(services.get("temporal"), "environment")).containsEntry("POSTGRES_SEEDS", "temporal-postgres");
        assertThat(part(services.get("shunt"), "environment")).containsEntry("POSTGRES_HOST", "postgres");
    }

    @Test
    void passwords_come_from_the_environment_file_alone_and_it_has_every_variable() {
        Set<String> documented = read(FOLDER.resolve(".env.example"))
                .lines()
                .filter(line -> line.matches("[A-Z_]+=.*"))
                .map(line -> line.substring(0, line.indexOf('=')))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> used = new TreeSet<>();
        VARIABLE.matcher(text).results().forEach(variable -> {
            used.add(variable.group(1));
            if (variable.group(1).matches(".*(PASSWORD|TOKEN)")) {
                assertThat(variable.group(2)).as(variable.group(1)).startsWith(":?");
            }
        });

        assertThat(used).isEqualTo(documented);
        services.forEach((name, service) -> part(service, "environment").forEach((key, value) -> {
            if (key.matches(".*(PASSWORD|PWD|TOKEN)")) {
                assertThat(String.valueOf(value)).as(name + " " + key).startsWith("${");
            }
        }));
    }

    @Test
    void every_port_is_bound_to_loopback() {
        services.forEach((name, service) ->
                assertThat(list(service, "ports")).as(name).allMatch(port -> port.startsWith("127.0.0.1:")));
    }

    @Test
    void the_dynamic_configuration_that_the_server_names_is_mounted_and_well_formed() {
        String named =
                String.valueOf(part(services.get("temporal"), "environment").get("DYNAMIC_CONFIG_FILE_PATH"));
        Path file = Path.of("temporal-config").resolve(Path.of(named).getFileName());
        Map<String, List<Map<String, Object>>> keys = new Yaml().load(read(file));

        assertThat(list(services.get("temporal"), "volumes"))
                .contains("../temporal-config:/etc/temporal/config/dynamicconfig:ro");
        keys.forEach(
                (key, values) -> assertThat(values).as(key).isNotEmpty().allMatch(value -> value.containsKey("value")));
        assertThat(keys).doesNotContainKeys("system.defaultWorkflowTaskTimeout", "system.enableDebugMode");
    }

    @Test
    void what_the_health_checks_of_temporals_images_call_is_in_the_images_built_here() {
        Path images = FOLDER.resolve("local-images");

        assertThat(health("temporal")).contains("CMD, nc,");
        assertThat(read(images.resolve("server.Dockerfile"))).contains("COPY nc ");
        assertThat(health("temporal-ui")).contains("CMD-SHELL, wget ");
        assertThat(read(images.resolve("ui.Dockerfile"))).contains("COPY wget ");
        assertThat(read(images.resolve("build"))).contains("local-images/nc ", "local-images/wget ");
    }

    private String health(String service) {
        return String.valueOf(part(services.get(service), "healthcheck").get("test"));
    }

    @Test
    void a_stop_gives_the_service_as_long_as_its_phases_take_and_no_service_takes_the_machine() {
        assertThat(services.get("shunt")).containsEntry("stop_grace_period", "100s");
        assertThat(read(Path.of("src", "main", "resources", "application.yaml")))
                .contains("timeout-per-shutdown-phase: 30s");
        assertThat(services)
                .allSatisfy((name, service) -> assertThat(service).as(name).containsKeys("mem_limit", "cpus"));
    }

    @Test
    void the_image_is_healthy_when_an_item_could_be_accepted_and_not_while_it_starts() {
        String image = read(Path.of("deploy", "Dockerfile"));

        assertThat(image).contains("/dev/tcp/127.0.0.1/${HEALTH_PORT:-8081} ").contains("'GET /ready HTTP/1.0");
    }

    private String image(String service) {
        return String.valueOf(part(compose, "services").get(service) instanceof Map<?, ?> map ? map.get("image") : "");
    }

    @SuppressWarnings("unchecked")
    private static <T> Map<String, T> part(@Nullable Map<String, ?> of, String name) {
        return of != null && of.get(name) instanceof Map<?, ?> map ? (Map<String, T>) map : Map.of();
    }

    @SuppressWarnings("unchecked")
    private static List<String> list(@Nullable Map<String, ?> of, String name) {
        return of != null && of.get(name) instanceof List<?> list ? (List<String>) list : List.of();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(file + " cannot be read", e);
        }
    }
}
