package dev.shunt.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The embedded backends without a service: for whoever wants several services to share them, and to end and start each
 * of them on its own. Not for production.
 */
public final class StandaloneBackends {

    /** What every line meant for the caller begins with. */
    public static final String MARK = "@backend ";

    /** Stands for the process of a server that has none of its own. */
    public static final String NO_PROCESS = "-";

    private static final int REDIS_DATABASES = 16;
    private static final int CONNECTIONS = 200;

    private StandaloneBackends() {}

    /**
     * Starts all three and prints, for each, {@link #MARK} and {@code name pid address...}; then starts the one anew that
     * each line of input names, and says so the same way. Ends, and stops all, when the input does.
     *
     * <p>Without a {@code temporal} tool on the path, Temporal is the in-memory server of this very process.
     *
     * @throws BackendException if one does not start
     */
    public static void run(Path data, BufferedReader orders, PrintStream answers) throws IOException {
        DataFolder folder = DataFolder.lock(data);
        var postgres = new EmbeddedPostgres(
                folder.resolve("postgres"), folder.resolve("bin"), CONNECTIONS, Unprivileged.find());
        var redis = new EmbeddedRedis(folder.resolve("redis"), REDIS_DATABASES);
        TemporalBackend temporal = Programs.onPath("temporal")
                .<TemporalBackend>map(tool -> new TemporalDevServer(tool, folder.resolve("temporal"), "default"))
                .orElseGet(InMemoryTemporal::new);
        Map<String, Backend> backends = Map.of("postgres", postgres, "redis", redis, "temporal", temporal);
        Map<String, Supplier<String>> lines = Map.of(
                "postgres",
                () -> pid(postgres.postmaster()) + " " + postgres.url(EmbeddedPostgres.DATABASE) + " "
                        + EmbeddedPostgres.USER + " " + postgres.password(),
                "redis",
                () -> pid(Optional.ofNullable(redis.process()).map(Process::toHandle)) + " " + redis.url(),
                "temporal",
                () -> (temporal instanceof TemporalDevServer server
                                ? pid(Optional.ofNullable(server.process()).map(Process::toHandle))
                                : NO_PROCESS)
                        + " " + temporal.address());
        var all = new EmbeddedBackends(folder);
        backends.forEach((name, backend) -> all.add(backend, () -> say(answers, name, lines)));
        // Whoever ends this process by a signal ends its servers too.
        Runtime.getRuntime().addShutdownHook(new Thread(all::close));
        all.start();
        for (String name = orders.readLine(); name != null; name = orders.readLine()) {
            Backend backend = backends.get(name);
            if (backend == null) {
                throw new BackendException("There is no backend " + name);
            }
            backend.start();
            say(answers, name, lines);
        }
        all.close();
    }

    private static void say(PrintStream answers, String name, Map<String, Supplier<String>> lines) {
        Supplier<String> line = lines.get(name);
        answers.println(MARK + name + " " + (line == null ? "" : line.get()));
        answers.flush();
    }

    private static String pid(Optional<ProcessHandle> process) {
        return Long.toString(process.orElseThrow(() -> new BackendException("A backend ended just after its start"))
                .pid());
    }
}
