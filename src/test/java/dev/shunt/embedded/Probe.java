package dev.shunt.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** {@link EmbeddedProbe} in a JVM of its own. */
final class Probe implements AutoCloseable {

    private final Process process;
    private final Path output;

    private Probe(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static Probe launch(Path data, String... arguments) throws IOException {
        Path output = Files.createTempFile(Files.createDirectories(data), "probe-", ".out");
        Path binaries = data.resolve("bin");
        if (!Files.exists(binaries)) {
            Files.createSymbolicLink(binaries, Files.createDirectories(TestFolder.binaries()));
        }
        List<String> line = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                EmbeddedProbe.class.getName(),
                "--spring.main.web-application-type=none",
                "--spring.main.banner-mode=off",
                "--spring.config.location=optional:classpath:/none/",
                "--shunt.data=" + data));
        line.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile());
        return new Probe(builder.start(), output);
    }

    Probe ready() {
        await().atMost(Duration.ofSeconds(90)).until(() -> output().contains("READY") || !process.isAlive());
        assertThat(output()).contains("READY");
        return this;
    }

    /** What the environment of the running application says. */
    String property(String key) {
        return output().lines()
                .filter(line -> line.startsWith(key + "="))
                .findFirst()
                .orElseThrow()
                .substring(key.length() + 1);
    }

    long pid() {
        return process.pid();
    }

    void kill9() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    /** Asks it to stop, as an operator would. */
    void stop() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(20, TimeUnit.SECONDS))
                .as("it ends when asked to")
                .isTrue();
    }

    int exit() throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS))
                .as(Objects.toString(output()))
                .isTrue();
        return process.exitValue();
    }

    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        OldChild.isGone(process.toHandle(), Duration.ofSeconds(20));
        process.destroyForcibly();
    }
}
