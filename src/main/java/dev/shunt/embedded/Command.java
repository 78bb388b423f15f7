package dev.shunt.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The end of a command line tool.
 *
 * @param exit its exit code
 * @param output what it printed, both streams
 */
record Command(int exit, String output) {

    boolean succeeded() {
        return exit == 0;
    }

    /**
     * Runs a tool to its end.
     *
     * @param prefix what stands before the tool, for example a switch of the user; may be empty
     * @throws BackendException if it cannot be run or does not end in time
     */
    static Command run(List<String> prefix, Duration atMost, String... toolAndArguments) {
        List<String> line = new ArrayList<>(prefix);
        line.addAll(List.of(toolAndArguments));
        try {
            // A file and not a pipe: servers started by the tool inherit its output and would keep a pipe open.
            Path output = Files.createTempFile("shunt-", ".out");
            try {
                return run(line, atMost, output);
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new BackendException("Could not run " + line + ": " + e.getMessage(), e);
        }
    }

    private static Command run(List<String> line, Duration atMost, Path output) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile());
        withoutTemporalSettings(builder);
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new BackendException(line + " did not end within " + atMost.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new BackendException("Interrupted while waiting for " + line, e);
        }
        return new Command(process.exitValue(), new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip());
    }

    /** The temporal tool reads the same variables as Shunt, and they may name another server. */
    static void withoutTemporalSettings(ProcessBuilder builder) {
        builder.environment().keySet().removeIf(name -> name.startsWith("TEMPORAL_"));
    }
}
