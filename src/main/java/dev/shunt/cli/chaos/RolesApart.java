package dev.shunt.cli.chaos;

import dev.shunt.cli.ServiceProcess;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** Three services that share out the roles, each killed under load: whoever has lost its neighbour loses nothing else. */
final class RolesApart {

    /** Of the services, in their order. */
    static final List<String> ROLES = List.of("ingest,console", "legacy-consumer", "temporal-worker,controller");

    private static final int ITEMS = 60;

    private final Stage stage;

    private RolesApart(Stage stage) {
        this.stage = stage;
    }

    static void play(Stage stage) throws IOException, InterruptedException, SQLException {
        new RolesApart(stage).play();
    }

    private void play() throws IOException, InterruptedException, SQLException {
        Cluster cluster = stage.cluster();
        cluster.shunt(0).setPercentage(50);
        try (var traffic = new Traffic(stage, "scene-roles", List.of(cluster.shunt(0)))) {
            traffic.goOn(ITEMS);
            for (int i = 0; i < cluster.services().size(); i++) {
                ServiceProcess victim = cluster.services().get(i);
                victim.kill9();
                stage.say("killed: %s", ROLES.get(i));
                traffic.goOn(ITEMS);
                cluster.restart(victim);
                stage.say("back: %s", ROLES.get(i));
                traffic.goOn(ITEMS);
            }
            cluster.awaitRoutes();
            Findings found = traffic.end();
            stage.require(found.temporal() > 0, "nothing ran on Temporal");
            stage.require(found.temporal() < found.stored(), "nothing ran on legacy");
        }
    }
}
