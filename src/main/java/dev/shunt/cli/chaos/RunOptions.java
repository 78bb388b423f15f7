package dev.shunt.cli.chaos;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Random;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command has that plays something on services of its own: a seed, a folder, and somebody to tell. */
final class RunOptions {

    @Option(names = "--seed", description = "of contents, moments and order (default: a new one, printed)")
    private long seed = new Random().nextInt(1_000_000);

    @Option(names = "--folder", description = "where each run makes its own folder (default: ${DEFAULT-VALUE})")
    private Path folder;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "this text")
    @SuppressWarnings("UnusedVariable") // picocli acts on it by itself
    private boolean help;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    /** @param folder in {@code target}, unless the option names another one */
    RunOptions(String folder) {
        this.folder = Path.of("target", folder);
    }

    long seed() {
        return seed;
    }

    Path folder() {
        return folder;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** At once, since a run takes minutes. */
    void say(String line) {
        PrintWriter out = out();
        out.println(line);
        out.flush();
    }
}
