package dev.shunt.cli.chaos;

import dev.shunt.cli.ServiceProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Two services of an earlier build are replaced one by one under traffic, and one of them is taken back. What must hold
 * at every step: the earlier build serves on the schema of the new one, and either goes on with the other's workflows,
 * messages and registrations.
 */
final class RollingUpgrade {

    private static final String PROJECT = "rolling-upgrade";
    private static final int ITEMS = 80;

    private RollingUpgrade() {}

    /** @param earlier the jar that the services of the stage were started from */
    static void play(Stage stage, Path earlier) throws IOException, InterruptedException, SQLException {
        stage.say("both services are the earlier build, the schema is at version %s", schema(stage));
        stage.toFifty();
        try (var traffic = new Traffic(stage, PROJECT)) {
            traffic.goOn(ITEMS);
            replace(stage, 1, null, false);
            stage.say("the schema is at version %s; service 1 is the earlier build and serves on", schema(stage));
            traffic.goOn(ITEMS);
            replace(stage, 0, null, true);
            traffic.goOn(ITEMS);
            replace(stage, 1, earlier, true);
            stage.say("service 2 is the earlier build again, started on the new schema");
            traffic.goOn(ITEMS);
            replace(stage, 1, null, true);
            traffic.goOn(ITEMS);
            Findings found = traffic.end();
            stage.require(found.temporal() > 0, "nothing ran on Temporal, which shows nothing about its workflows");
        }
    }

    private static void replace(Stage stage, int index, @Nullable Path build, boolean killed)
            throws IOException, InterruptedException {
        Cluster cluster = stage.cluster();
        ServiceProcess service = cluster.services().get(index);
        if (killed) {
            service.kill9();
        } else {
            service.close();
        }
        service.runFrom(build);
        cluster.restart(service);
        cluster.awaitRoutes();
        stage.say(
                "service %d was %s and is the %s build now",
                index + 1, killed ? "killed (-9)" : "stopped", build == null ? "new" : "earlier");
    }

    private static String schema(Stage stage) throws SQLException {
        try (Connection database = stage.cluster().backends().database();
                Statement statement = database.createStatement();
                ResultSet row = statement.executeQuery(
                        "select version from flyway_schema_history where success order by installed_rank desc limit 1")) {
            row.next();
            return row.getString(1);
        }
    }
}
