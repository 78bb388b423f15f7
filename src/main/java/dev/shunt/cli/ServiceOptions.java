package dev.shunt.cli;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every command takes that asks a running service. */
final class ServiceOptions {

    @Option(names = "--url", description = "of a running service (default: $SHUNT_URL, else http://localhost:8080)")
    private URI url = URI.create(System.getenv().getOrDefault("SHUNT_URL", "http://localhost:8080"));

    @Option(names = "--token", description = "of the API, if it has one (default: $SHUNT_TOKEN, else $SHUNT_API_TOKEN)")
    private @Nullable String token = tokenOf(System.getenv());

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "this text")
    @SuppressWarnings("UnusedVariable") // picocli acts on it by itself
    private boolean help;

    /** By the name that people export for {@code curl} and {@code shuntctl}, else by the service's own. */
    static @Nullable String tokenOf(Map<String, String> environment) {
        return environment.getOrDefault("SHUNT_TOKEN", environment.get("SHUNT_API_TOKEN"));
    }

    Shunt shunt() {
        return new Shunt(url, token);
    }
}
