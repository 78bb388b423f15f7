package dev.shunt.cli.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.embedded.StandaloneBackends;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code backends}: the embedded servers alone, for the crash suite; it kills them and has them started anew. */
@Command(name = "backends", hidden = true, description = "Runs the embedded Postgres, Redis and Temporal alone.")
public final class BackendsCommand implements Callable<Integer> {

    @Option(names = "--folder", required = true, description = "where they keep their data")
    private Path folder = Path.of("data");

    @Override
    public Integer call() throws IOException {
        StandaloneBackends.run(folder, new BufferedReader(new InputStreamReader(System.in, UTF_8)), System.out);
        return 0;
    }
}
