package dev.shunt.configuration;

import static java.util.Comparator.comparing;

import dev.shunt.core.WorkloadSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** Every record of settings in the product: found, not listed. */
final class Settings {

    private static final Path SOURCES = Path.of("src", "main", "java");

    private Settings() {}

    static List<SettingsRecord> all() {
        Javadocs javadocs = new Javadocs(SOURCES);
        Stream<SettingsRecord> annotated = sources().stream()
                .filter(source -> text(source).contains("@ConfigurationProperties"))
                .map(Settings::type)
                .map(type -> SettingsRecord.of(type, prefix(type), javadocs));
        return Stream.concat(annotated, Stream.of(SettingsRecord.of(WorkloadSettings.class, workloads(), javadocs)))
                .sorted(comparing(SettingsRecord::prefix)
                        .thenComparing(settings -> settings.type().getName()))
                .toList();
    }

    /** Of a record that has them, the keys' common beginning. */
    static String prefix(Class<?> type) {
        ConfigurationProperties annotation = type.getAnnotation(ConfigurationProperties.class);
        return annotation == null ? workloads() : annotation.value();
    }

    private static String workloads() {
        return "shunt.workloads.<workload>";
    }

    /** All files of the product. */
    static List<Path> sources() {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    static String text(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static Class<?> type(Path source) {
        String name = SOURCES.relativize(source).toString().replace('/', '.').replaceAll("\\.java$", "");
        try {
            Class<?> type = Class.forName(name);
            if (!type.isRecord() || !type.isAnnotationPresent(ConfigurationProperties.class)) {
                throw new IllegalStateException(name + " must itself be the record of settings");
            }
            return type;
        } catch (ClassNotFoundException unknown) {
            throw new IllegalStateException(unknown);
        }
    }
}
