package dev.shunt.cli.chaos;

import dev.shunt.cli.ServiceProcess;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The instance that watches the rollouts is gone at the moment when a gate fails. */
final class LostLeader {

    private static final int TRIES = 4;
    private static final Duration WITHIN = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration WATCHED = Duration.ofSeconds(8);

    private final Stage stage;

    private LostLeader(Stage stage) {
        this.stage = stage;
    }

    static void play(Stage stage) throws IOException, InterruptedException, SQLException {
        var scene = new LostLeader(stage);
        scene.lose("killed");
        stage.reset();
        scene.lose("frozen");
    }

    private void lose(String how) throws IOException, InterruptedException, SQLException {
        boolean lost = false;
        for (int i = 1; i <= TRIES && !lost; i++) {
            if (i > 1) {
                stage.say("the leader was quicker: once more");
                stage.reset();
            }
            lost = tried(how, "scene-leader-" + how + "-" + i);
        }
        stage.require(lost, "%d times the leader had rolled back before it could be %s", TRIES, how);
    }

    /** False if the leader had already acted. */
    private boolean tried(String how, String project) throws IOException, InterruptedException, SQLException {
        long before = stage.epoch();
        int leader = stage.leader();
        int other = 1 - leader;
        ServiceProcess victim = stage.cluster().services().get(leader);
        try (var traffic = new Traffic(stage, project)) {
            stage.toFifty();
            stage.plantFault();
            stage.awaitFail(other);
            Instant lostAt = Instant.now();
            if (how.equals("killed")) {
                victim.kill9();
            } else {
                Signals.freeze(victim.pid());
            }
            try {
                stage.say("the leader, service %d, is %s", leader + 1, how);
                if (!rolledBackByTheOther(lostAt, other)) {
                    return false;
                }
            } finally {
                if (how.equals("killed")) {
                    stage.cluster().restart(victim);
                } else {
                    Signals.thaw(victim.pid());
                }
            }
            changesNothing(leader, before);
            stage.cluster().awaitRoutes();
            traffic.end();
        }
        return true;
    }

    private boolean rolledBackByTheOther(Instant lostAt, int other) throws InterruptedException {
        stage.await(
                "the other instance rolls back",
                PATIENCE,
                () -> stage.rollout(other).path("state").asString("").equals("ROLLED_BACK"));
        var found = new JsonNode[1];
        stage.await("the history tells the rollback", PATIENCE, () -> {
            for (JsonNode entry : stage.cluster().shunt(other).get(Stage.ROLLOUT + "/history?limit=10")) {
                if (Stage.is(entry, "rollback")) {
                    found[0] = entry;
                    return true;
                }
            }
            return false;
        });
        Duration took = Duration.between(lostAt, Stage.at(found[0]));
        if (took.isNegative()) {
            return false;
        }
        stage.say(
                "service %d rolled back %d ms after that, epoch %s: %s",
                other + 1,
                took.toMillis(),
                found[0].path("epoch"),
                found[0].path("reason").asString());
        stage.require(took.compareTo(WITHIN) < 0, "the other one took %d ms, 5 s are allowed", took.toMillis());
        return true;
    }

    private void changesNothing(int leader, long before) throws IOException, InterruptedException {
        List<JsonNode> story = stage.history(before);
        stage.await("service " + (leader + 1) + " is at 0 %", PATIENCE, () -> stage.percentage(leader) == 0);
        Instant end = Instant.now().plus(WATCHED);
        while (Instant.now().isBefore(end)) {
            stage.require(
                    stage.percentage(0) == 0 && stage.percentage(1) == 0, "the percentage rose after the rollback");
            Thread.sleep(100);
        }
        List<JsonNode> later = stage.history(before);
        stage.require(later.equals(story), "the history went on: %s, then %s", story, later);
        stage.say("service %d is back: in %d s it changed nothing, both stay at 0 %%", leader + 1, WATCHED.toSeconds());
    }
}
