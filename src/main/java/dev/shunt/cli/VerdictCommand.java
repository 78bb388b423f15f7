package dev.shunt.cli;

import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.gates.Recomputation;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code verdict}: makes a kept verdict again from what it was made from. */
@Command(
        name = "verdict",
        description =
                "Makes a verdict of the gates again from the numbers that were kept with it, and says whether the same"
                        + " comes out. Exit code 0: the same; 1: something differs; 2: it could not be read.")
final class VerdictCommand implements Callable<Integer> {

    private static final int DIFFERS = 1;

    @Parameters(paramLabel = "<id>", description = "of the verdict, as the history of the rollout shows it")
    private String id = "";

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Option(names = "--jdbc", description = "read the row from Postgres instead: jdbc:postgresql://host:5432/shunt")
    private @Nullable String jdbc;

    @Option(names = "--user", description = "for --jdbc, unless its URL names one")
    private @Nullable String user;

    @Option(names = "--password", description = "for --jdbc (default: $POSTGRES_PASSWORD)")
    private @Nullable String password = System.getenv("POSTGRES_PASSWORD");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private record Row(String outcome, String findings, String title) {}

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException {
        Row row = jdbc == null ? ask() : select(jdbc);
        Recomputation again = Recomputation.of(row.outcome(), row.findings());
        PrintWriter out = spec.commandLine().getOut();
        out.println("Verdict " + id + ", " + row.title() + ": " + row.outcome());
        for (GateFinding finding : again.findings()) {
            out.println(
                    "  " + finding.gate() + " (" + finding.mode() + "): " + finding.outcome() + ". " + finding.words());
        }
        again.differences().forEach(difference -> out.println("DIFFERS: " + difference));
        out.println(
                again.differences().isEmpty()
                        ? "Made again from what was kept: the same."
                        : "Made again from what was kept: not the same.");
        out.flush();
        return again.differences().isEmpty() ? DemoCommand.ALL_WELL : DIFFERS;
    }

    private Row ask() throws IOException, InterruptedException {
        JsonNode verdict = service.shunt().get("/api/v1/verdicts/" + id);
        return new Row(
                verdict.path("outcome").asString(),
                verdict.path("gates").toString(),
                title(
                        verdict.path("workload").asString(),
                        verdict.path("phase").asString(),
                        verdict.path("at").asString()));
    }

    private Row select(String address) throws SQLException {
        try (Connection connection = user == null
                        ? DriverManager.getConnection(address)
                        : DriverManager.getConnection(address, user, password);
                PreparedStatement select = connection.prepareStatement(
                        "select workload, phase, at::text, outcome, findings::text from gate_verdict where id = ?")) {
            select.setString(1, id);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new DemoFailure("no verdict " + id + " was kept in " + address.replaceFirst("\\?.*", ""));
                }
                return new Row(
                        row.getString(4),
                        row.getString(5),
                        title(row.getString(1), row.getString(2), row.getString(3)));
            }
        }
    }

    private static String title(String workload, String phase, String at) {
        return workload + ", phase " + phase + ", " + at;
    }
}
