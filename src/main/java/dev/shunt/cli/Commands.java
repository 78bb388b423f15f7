package dev.shunt.cli;

import dev.shunt.cli.chaos.BackendsCommand;
import dev.shunt.cli.chaos.ChaosCommand;
import dev.shunt.cli.chaos.ScenesCommand;
import dev.shunt.cli.chaos.UpgradeCommand;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Option;

/** The commands of {@code java -jar shunt.jar}. Without one, the jar is the service. */
@Command(
        name = "shunt",
        description =
                "Moves a live queue from Redis to Temporal a few percent at a time. Without a command: the service.",
        subcommands = {
            DemoCommand.class,
            ReportCommand.class,
            VerdictCommand.class,
            ChaosCommand.class,
            ScenesCommand.class,
            UpgradeCommand.class,
            BackendsCommand.class,
            HelpCommand.class
        })
public final class Commands {

    private static final Set<String> FIRST_WORDS = Set.of(
            "demo",
            "report",
            "verdict",
            "chaos",
            "rollout-scenes",
            "upgrade-drill",
            "backends",
            "help",
            "--help",
            "-h");

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "this text")
    @SuppressWarnings("UnusedVariable") // picocli acts on it by itself
    private boolean help;

    private Commands() {}

    /** Whether these arguments ask for a command; settings of the service ({@code --server.port=...}) do not. */
    public static boolean isCommand(String... args) {
        return args.length > 0 && FIRST_WORDS.contains(args[0]);
    }

    /** Runs a command to its end and returns the process's exit code. */
    public static int run(String... args) {
        return line().execute(args);
    }

    /** All commands, to be run as the process would. */
    public static CommandLine line() {
        return new CommandLine(new Commands())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Commands::explain);
    }

    private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        command.getErr().println(command.getColorScheme().errorText(failure.getMessage() + ""));
        if (!(failure instanceof DemoFailure)) {
            failure.printStackTrace(command.getErr());
        }
        return DemoCommand.COULD_NOT_RUN;
    }
}
