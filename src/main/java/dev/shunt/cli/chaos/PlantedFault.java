package dev.shunt.cli.chaos;

import static dev.shunt.cli.chaos.Stage.ROLLOUT;

import dev.shunt.cli.Shunt;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A rollout by its plan, until what Temporal stores goes wrong and everything goes back by itself. */
final class PlantedFault {

    private static final Duration GATES_PASS_WITHIN = Duration.ofMinutes(2);
    private static final Duration ROLLED_BACK_WITHIN = Duration.ofSeconds(90);
    private static final Duration COMPLETE_WITHIN = Duration.ofSeconds(60);

    private final Stage stage;

    private PlantedFault(Stage stage) {
        this.stage = stage;
    }

    /** Nothing else goes wrong. */
    static void play(Stage stage) throws IOException, InterruptedException, SQLException {
        new PlantedFault(stage).story();
    }

    /** Temporal dies at the moment of the rollback. */
    static void withoutTemporal(Stage stage) throws IOException, InterruptedException, SQLException {
        new PlantedFault(stage).recall();
    }

    private void story() throws IOException, InterruptedException, SQLException {
        long before = stage.epoch();
        try (var traffic = new Traffic(stage, "scene-story")) {
            stage.step("start", "alice", "{\"reason\": \"a scene begins\"}");
            promote();
            traffic.goOn(60);
            stage.plantFault();
            awaitRolledBack();
            JsonNode proof = complete();
            stage.require(
                    proof.path("orderedBy").asString("").startsWith("shunt controller"),
                    "the rollback was ordered by %s",
                    proof.path("orderedBy"));
            traffic.goOn(30);
            traffic.end();
        }
        tell(before);
    }

    private void recall() throws IOException, InterruptedException, SQLException {
        long inFlight;
        try (var traffic = new Traffic(stage, "scene-recall")) {
            stage.toFifty();
            traffic.goOn(60);
            stage.plantFault();
            stage.awaitFail(1 - stage.leader());
            stage.cluster().backends().kill9(Server.TEMPORAL);
            stage.say("Temporal is killed (-9)");
            awaitRolledBack();
            JsonNode proof = complete();
            JsonNode flight = proof.path("inFlight");
            inFlight = flight.path("atFirst").asLong(-1);
            stage.say(
                    "in flight when the fence was raised %d, recalled to legacy %d, left %d",
                    inFlight,
                    flight.path("recalled").asLong(-1),
                    flight.path("remaining").asLong(-1));
            stage.require(inFlight > 0, "nothing was in flight when Temporal died: nothing was to be recalled");
            stage.require(flight.path("recalled").asLong(0) > 0, "nothing was recalled");
            stage.require(!stage.cluster().shunt(0).unready().isEmpty(), "Temporal is back, though nobody started it");
            Findings found = traffic.end();
            stage.require(
                    found.reasons().getOrDefault("LEGACY RECALL", 0) > 0,
                    "no item is in the ledger as recalled: %s",
                    found.reasons());
        } finally {
            stage.cluster().backends().restart(Server.TEMPORAL);
        }
        stage.say("everything was stored while Temporal was dead");
    }

    /** By the gates, not past them. */
    private void promote() throws InterruptedException {
        stage.await("the gates of the first phase pass", GATES_PASS_WITHIN, () -> {
            Shunt.Answer answer = stage.cluster()
                    .shunt(0)
                    .order(ROLLOUT + "/promote", "alice", "*", "{\"reason\": \"all gates pass\"}");
            if (answer.status() == 409) {
                Thread.sleep(500);
                return false;
            }
            stage.require(answer.status() == 200, "promote was answered with %s", answer);
            stage.say(
                    "promote by alice, all gates pass: %s %%, epoch %s",
                    answer.body().path("percentage"), answer.body().path("epoch"));
            return true;
        });
    }

    private void awaitRolledBack() throws InterruptedException {
        stage.await(
                "the controller rolls back",
                ROLLED_BACK_WITHIN,
                () -> stage.rollout(0).path("state").asString("").equals("ROLLED_BACK"));
        stage.say("rolled back by the controller");
    }

    private JsonNode complete() throws IOException, InterruptedException {
        stage.await(
                "the rollback is complete",
                COMPLETE_WITHIN,
                () -> stage.proof(0).path("complete").asBoolean());
        JsonNode proof = stage.proof(0);
        stage.say("rollback %s: %s", proof.path("epoch"), proof.path("words").asString());
        int obey = 0;
        for (JsonNode instance : proof.path("instances")) {
            boolean acknowledged = instance.path("acknowledgedAt").isString()
                    && instance.path("epoch").asLong(-1) >= proof.path("epoch").asLong();
            obey += instance.path("state").asString("").equals("OBEYS") && acknowledged ? 1 : 0;
            stage.say(
                    "instance %s obeys epoch %s since %s",
                    instance.path("id").asString(),
                    instance.path("epoch"),
                    instance.path("acknowledgedAt").asString("?"));
        }
        stage.require(
                obey == stage.cluster().services().size(),
                "%d of %d instances have acknowledged: %s",
                obey,
                stage.cluster().services().size(),
                proof);
        stage.require(proof.path("inFlight").path("remaining").asLong(-1) == 0, "not all is back: %s", proof);
        return proof;
    }

    private void tell(long before) throws IOException, InterruptedException {
        List<JsonNode> story = stage.history(before);
        story.forEach(entry -> stage.say(
                "history: epoch %s, %s%s by %s, %s -> %s: %s",
                entry.path("epoch"),
                entry.path("kind").asString(),
                entry.has("what") ? " " + entry.path("what").asString() : "",
                entry.path("changedBy").asString(),
                shown(entry.path("from")),
                shown(entry.path("to")),
                entry.path("reason").asString()));
        List<String> flag = story.stream()
                .filter(entry -> entry.path("kind").asString("").equals("FLAG"))
                .map(entry -> shown(entry.path("to")))
                .toList();
        List<JsonNode> steps = story.stream()
                .filter(entry -> entry.path("kind").asString("").equals("ROLLOUT"))
                .toList();
        stage.require(flag.size() == 3, "the history has %d changes of the flag instead of 3: %s", flag.size(), flag);
        stage.require(
                steps.size() == 3
                        && Stage.is(steps.get(0), "start")
                        && Stage.is(steps.get(1), "promote")
                        && Stage.is(steps.get(2), "rollback"),
                "the history does not tell start, promote, rollback: %s",
                steps);
        JsonNode back = steps.get(2);
        stage.require(
                Stage.by(back, "shunt controller")
                        && back.path("verdict").isString()
                        && back.path("reason").asString("").contains("divergence")
                        && back.path("to").path("state").asString("").equals("ROLLED_BACK"),
                "the history does not tell who rolled back, why, and by which verdict: %s",
                back);
        stage.require(steps.get(1).path("verdict").isString(), "the promotion names no verdict: %s", steps.get(1));
    }

    private static String shown(JsonNode situation) {
        return String.join(
                " ",
                Stream.of("percentage", "state", "phase")
                        .filter(situation::has)
                        .map(name -> situation.path(name).asString())
                        .toList());
    }
}
