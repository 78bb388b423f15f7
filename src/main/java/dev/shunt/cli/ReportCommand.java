package dev.shunt.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code report}: asks a running service for the report of a time and keeps it in a file. */
@Command(
        name = "report",
        description =
                "Writes what the comparator knows of a time into a file: one HTML page that needs nothing else, or"
                        + " Markdown, or JSON. Asks a running service.")
final class ReportCommand implements Callable<Integer> {

    private static final Duration DEFAULT_WINDOW = Duration.ofHours(24);

    /** Ways to write it. */
    enum Format {
        HTML("html"),
        MARKDOWN("md"),
        JSON("json");

        private final String ending;

        Format(String ending) {
            this.ending = ending;
        }
    }

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Option(names = "--workload", description = "which one (default: ${DEFAULT-VALUE})")
    private String workload = "trace";

    @Option(
            names = "--from",
            description = "begin of the time, such as 2026-11-21T08:00:00Z (default: a day before --to)")
    private @Nullable Instant from;

    @Option(names = "--to", description = "its end (default: now)")
    private @Nullable Instant to;

    @Option(names = "--format", description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private Format format = Format.HTML;

    @Option(names = "--out", description = "the file (default: ./shunt-report.html, .md or .json)")
    private @Nullable Path out;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Instant until = to == null ? Instant.now() : to;
        Instant since = from == null ? until.minus(DEFAULT_WINDOW) : from;
        if (!since.isBefore(until)) {
            throw new DemoFailure("--from must be before --to (" + until + "), was " + since);
        }
        Path file = out == null ? Path.of("shunt-report." + format.ending) : out;
        write(service.shunt(), workload, since, until, format, file);
        spec.commandLine().getOut().println(file.toAbsolutePath());
        spec.commandLine().getOut().flush();
        return DemoCommand.ALL_WELL;
    }

    static void write(Shunt shunt, String workload, Instant from, Instant until, Format format, Path file)
            throws IOException, InterruptedException {
        byte[] report = shunt.read("/api/v1/comparison/" + workload + "/report?format="
                + format.name().toLowerCase(Locale.ROOT) + "&from=" + from + "&to=" + until);
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.write(file, report);
    }
}
