package dev.shunt.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When {@code scripts/lib-jar} builds, with a Maven that only takes notes: it fails while a file {@code cut} is there. */
class JarScriptTest {

    private static final String MAVEN = """
            #!/usr/bin/env bash
            echo built >>builds
            touch target/shunt-1.jar
            [[ ! -e cut ]] || exit 1
            touch -d 2001-01-01 target/shunt-1.jar
            """;

    @TempDir
    private Path root;

    @BeforeEach
    void aCheckoutWithAMavenThatOnlyTakesNotes() throws IOException {
        for (String folder : new String[] {"bin", ".mvn", "src/main"}) {
            Files.createDirectories(root.resolve(folder));
        }
        Files.writeString(root.resolve("pom.xml"), "<project/>");
        Files.copy(Path.of("scripts", "lib-jar"), root.resolve("lib-jar"));
        Path maven = Files.writeString(root.resolve("bin").resolve("mvn"), MAVEN);
        assertThat(maven.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void it_builds_once_and_again_after_a_source_has_changed() throws IOException {
        assertThat(script().printed()).contains("Building Shunt").endsWith("jar is target/shunt-1.jar\n");
        assertThat(script().printed()).isEqualTo("jar is target/shunt-1.jar\n");
        Files.writeString(root.resolve("src/main/New.java"), "class New {}");
        script();
        script();

        assertThat(root.resolve("builds")).content().hasLineCount(2);
    }

    @Test
    void a_jar_that_was_cut_short_on_its_way_is_built_again() throws IOException {
        Path cut = Files.createFile(root.resolve("cut"));
        assertThat(script().code()).isEqualTo(2);
        Files.delete(cut);

        assertThat(script().printed()).contains("Building Shunt");
        assertThat(script().printed()).isEqualTo("jar is target/shunt-1.jar\n");
        assertThat(root.resolve("builds")).content().hasLineCount(2);
    }

    private Bash.Ended script() {
        String path = root.resolve("bin") + ":" + System.getenv("PATH");
        return new Bash(root, Map.of("PATH", path))
                .run("set -euo pipefail; jdk_feature() { echo 21; }; source lib-jar; echo jar is $jar");
    }
}
