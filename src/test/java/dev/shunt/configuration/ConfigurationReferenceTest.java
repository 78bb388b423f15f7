package dev.shunt.configuration;

import static java.util.Objects.requireNonNullElse;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.ClassPathResource;

/** docs/configuration.md is what the code says; {@code -Dshunt.golden=write} writes its tables anew. */
class ConfigurationReferenceTest {

    private static final Path DOCUMENT = Path.of("docs", "configuration.md");
    private static final Pattern GENERATED =
            Pattern.compile("(<!-- keys: from the code -->\n)(.*?)(<!-- end of keys -->)", Pattern.DOTALL);
    private static final Pattern ASKED = Pattern.compile(
            "(?:getProperty\\(|@Value\\(\"\\$\\{|ConditionalOnProperty\\((?:name = )?)\"?(shunt\\.[a-z.-]+[a-z])");
    private static final Pattern VARIABLE = Pattern.compile(
            "(?:variables\\.\\w+|\\.oneOf|\\.flag|\\.text|\\.number|\\.port|\\.hostAndPort)\\(\\s*\"([A-Z][A-Z_]+)\"|\\$\\{([A-Z][A-Z_]+):");

    /** What is set by backends or by tests, and not by an operator. */
    private static final Set<String> NOT_SET =
            Set.of("shunt.backends.postgres", "shunt.backends.redis", "shunt.backends.temporal", "shunt.backends");

    @Test
    void the_reference_is_what_the_code_says() throws IOException {
        String written = Files.readString(DOCUMENT);
        String golden = GENERATED
                .matcher(written)
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1) + tables() + found.group(3)));
        if ("write".equals(System.getProperty("shunt.golden"))) {
            Files.writeString(DOCUMENT, golden);
        }
        assertThat(Files.readString(DOCUMENT)).isEqualTo(golden);
        assertThat(golden).contains("<!-- keys: from the code -->");
    }

    @Test
    void keys_that_no_record_holds_are_in_the_reference_too() throws IOException {
        String written = Files.readString(DOCUMENT);
        for (Path source : Settings.sources()) {
            Matcher asked = ASKED.matcher(Files.readString(source));
            while (asked.find()) {
                assertThat(NOT_SET.contains(asked.group(1)) || written.contains("`" + asked.group(1) + "`"))
                        .as("%s, which %s asks for, is in %s", asked.group(1), source, DOCUMENT)
                        .isTrue();
            }
        }
    }

    @Test
    void every_variable_of_the_old_systems_is_in_the_reference() throws IOException {
        String written = Files.readString(DOCUMENT);
        Set<String> variables = new TreeSet<>();
        List<Path> places = new ArrayList<>(List.of(Path.of("src/main/resources/application.yaml")));
        Settings.sources().stream()
                .filter(source -> source.toString().contains("operations"))
                .forEach(places::add);
        for (Path place : places) {
            Matcher matcher = VARIABLE.matcher(Files.readString(place));
            while (matcher.find()) {
                variables.add(requireNonNullElse(matcher.group(1), matcher.group(2)));
            }
        }
        assertThat(variables).contains("REDIS_URL", "POSTGRES_HOST", "LOG_LEVEL", "HEALTH_PORT");
        assertThat(variables).allSatisfy(variable -> assertThat(written).contains("`" + variable + "`"));
    }

    private static String tables() {
        Map<String, List<SettingsRecord>> byPrefix = new LinkedHashMap<>();
        Settings.all()
                .forEach(settings -> byPrefix.computeIfAbsent(settings.prefix(), prefix -> new ArrayList<>())
                        .add(settings));
        Map<String, String> shipped = shipped();
        return byPrefix.entrySet().stream()
                .map(block -> block(block.getKey(), block.getValue(), shipped))
                .collect(joining("\n", "\n", "\n"));
    }

    private static String block(String prefix, List<SettingsRecord> records, Map<String, String> shipped) {
        var text = new StringBuilder("## " + prefix + "\n\n");
        records.stream()
                .map(SettingsRecord::meaning)
                .filter(meaning -> !meaning.isBlank())
                .forEach(meaning -> text.append(meaning).append("\n\n"));
        text.append("| key | type | default | range | meaning |\n|---|---|---|---|---|\n");
        Map<String, String> rows = new LinkedHashMap<>();
        for (SettingsRecord settings : records) {
            for (Key key : settings.keys()) {
                rows.putIfAbsent(key.path(), row(key, shipped));
            }
        }
        rows.values().forEach(text::append);
        return text.toString();
    }

    private static String row(Key key, Map<String, String> shipped) {
        String usual = key.usual().isEmpty()
                ? shipped.getOrDefault(key.path().replace("<workload>", "trace"), "")
                : key.usual();
        String name = "`" + key.path() + "`" + (key.shown().equals("block") ? "" : "<br>`" + key.variable() + "`");
        return "| " + name + " | " + key.shown() + " | " + (usual.isEmpty() ? "" : "`" + usual + "`") + " | "
                + key.range().map(Range::toString).orElse("") + " | "
                + key.meaning().replace("|", "\\|") + " |\n";
    }

    /** What application.yaml sets, without the variables that stand in for it. */
    private static Map<String, String> shipped() {
        try {
            Map<String, String> values = new LinkedHashMap<>();
            for (var source :
                    new YamlPropertySourceLoader().load("shipped", new ClassPathResource("application.yaml"))) {
                EnumerablePropertySource<?> properties = (EnumerablePropertySource<?>) source;
                for (String key : properties.getPropertyNames()) {
                    String value = String.valueOf(properties.getProperty(key));
                    values.put(key, value.replaceAll("\\$\\{[A-Z_]+:([^{}]*)\\}", "$1"));
                }
            }
            return values;
        } catch (IOException broken) {
            throw new java.io.UncheckedIOException(broken);
        }
    }
}
