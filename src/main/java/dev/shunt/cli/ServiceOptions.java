package dev.shunt.cli;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every command takes that asks a running service. */
final class ServiceOptions {

    @Option(names = "--url", description = "of a running service (default: ${DEFAULT-VALUE})")
    private URI url = URI.create("http://localhost:8080");

    @Option(names = "--token", description = "of the API, if it has one (default: $SHUNT_API_TOKEN)")
    private @Nullable String token = System.getenv("SHUNT_API_TOKEN");

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "this text")
    @SuppressWarnings("UnusedVariable") // picocli acts on it by itself
    private boolean help;

    Shunt shunt() {
        return new Shunt(url, token);
    }
}
