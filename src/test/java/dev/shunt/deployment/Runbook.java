package dev.shunt.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The commands of a document: in blocks fenced as {@code console}, lines that begin with {@code $ } are commands, the
 * lines below each are its output, with {@code ...} for what varies.
 */
final class Runbook {

    private static final Pattern BLOCK = Pattern.compile("^```console\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);

    private Runbook() {}

    /** One command and what it must print. */
    record Step(String command, String output) {

        boolean isPrintedAs(String printed) {
            String pattern = Pattern.quote(output.strip()).replace("...", "\\E.*\\Q");
            return Pattern.compile(pattern, Pattern.DOTALL)
                    .matcher(printed.strip())
                    .matches();
        }

        /** Runs it in bash, as a reader would, and returns what it printed. */
        String run(String temporalAddress) throws IOException, InterruptedException {
            var builder = new ProcessBuilder("bash", "-c", command).redirectErrorStream(true);
            builder.environment().put("TEMPORAL_ADDRESS", temporalAddress);
            Process process = builder.start();
            process.getOutputStream().close();
            String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            return printed;
        }

        Step at(int port) {
            return new Step(command.replace("localhost:8080", "localhost:" + port), output);
        }
    }

    static List<Step> steps(Path document) throws IOException {
        List<Step> steps = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(Files.readString(document));
        while (blocks.find()) {
            for (String step : blocks.group(1).split("(?m)^\\$ ")) {
                if (!step.isBlank()) {
                    int end = step.indexOf('\n');
                    steps.add(new Step(step.substring(0, end), step.substring(end + 1)));
                }
            }
        }
        return steps;
    }
}
