package dev.shunt.cli.chaos;

import dev.shunt.cli.DemoTrace;
import dev.shunt.cli.Phase;
import dev.shunt.cli.Recordings;
import dev.shunt.cli.Shunt;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Postgres is dead when the rollback is ordered. */
final class DeadDatabase {

    private static final int ITEMS = 40;
    private static final Duration DEAD_FOR = Duration.ofSeconds(8); // more than a lease
    private static final Duration BACK_WITHIN = Duration.ofSeconds(60);
    private static final Duration WATCHED = Duration.ofSeconds(6);

    private DeadDatabase() {}

    static void play(Stage stage) throws IOException, InterruptedException, SQLException {
        long before = stage.epoch();
        Cluster cluster = stage.cluster();
        try (var traffic = new Traffic(stage, "scene-postgres")) {
            stage.toFifty();
            traffic.goOn(60);
            cluster.backends().kill9(Server.POSTGRES);
            stage.say("Postgres is killed (-9)");
            Instant ordered;
            try {
                ordered = rollBack(stage);
                routes(stage);
                Thread.sleep(DEAD_FOR.toMillis());
                routes(stage);
            } finally {
                cluster.backends().restart(Server.POSTGRES);
                stage.say("Postgres is back");
            }
            recorded(stage);
            stayDown(stage);
            Instant closed = Instant.now();
            cluster.awaitRoutes();
            traffic.end();
            List<String> late = new LateAudit(cluster.backends(), "scene-postgres")
                    .late(List.of(new Evidence.Closed(ordered, closed)));
            stage.require(late.isEmpty(), "decided for Temporal after the rollback: %s", late);
        }
        List<JsonNode> story = stage.history(before);
        JsonNode last = story.getLast();
        story.stream()
                .filter(entry -> Stage.by(entry, "carol"))
                .forEach(entry -> stage.say(
                        "history: epoch %s at %s, %s by carol: %s",
                        entry.path("epoch"),
                        entry.path("changedAt").asString(),
                        entry.path("kind").asString() + " " + entry.path("what").asString(""),
                        entry.path("reason").asString()));
        stage.require(
                Stage.is(last, "rollback") && Stage.by(last, "carol"),
                "the history does not end with the rollback of carol: %s",
                last);
    }

    private static Instant rollBack(Stage stage) throws IOException, InterruptedException {
        Shunt.Answer answer = stage.cluster()
                .shunt(0)
                .order(Stage.ROLLOUT + "/rollback", "carol", "*", "{\"reason\": \"Postgres is dead\"}");
        Instant ordered = Instant.now();
        stage.say(
                "rollback by carol answered with %d: recorded %s, stopped %s",
                answer.status(), answer.body().path("recorded"), answer.body().path("stopped"));
        stage.require(
                answer.status() == 202
                        && !answer.body().path("recorded").asBoolean(true)
                        && answer.body().path("stopped").asBoolean(false),
                "the rollback without Postgres was answered with %s",
                answer);
        return ordered;
    }

    /** What the doors of both instances decide now. */
    private static void routes(Stage stage) throws IOException, InterruptedException {
        Map<String, Integer> routes = new TreeMap<>();
        Recordings recordings = Recordings.published(Instant.now().toEpochMilli());
        for (int i = 0; i < ITEMS; i++) {
            DemoTrace trace = recordings.next(new Phase("scene", 0, false), DemoTrace.Way.HTTP, Instant.now());
            HttpResponse<byte[]> answer = stage.cluster().shunt(i % 2).post("scene-doors", trace.httpBody());
            String route =
                    JsonMapper.shared().readTree(answer.body()).path("route").asString("?");
            routes.merge(answer.statusCode() + " " + route, 1, Integer::sum);
        }
        stage.say("%d new items at both doors: %s", ITEMS, routes);
        stage.require(
                routes.keySet().stream().noneMatch(route -> route.contains("TEMPORAL")),
                "an item was decided for Temporal after the rollback: %s",
                routes);
        stage.require(routes.containsKey("202 LEGACY"), "no item was taken for legacy: %s", routes);
    }

    private static void recorded(Stage stage) throws IOException, InterruptedException {
        stage.await("the rollback is recorded and complete", BACK_WITHIN, () -> {
            JsonNode proof = stage.proof(0);
            return proof.path("orderedBy").asString("").startsWith("carol")
                    && proof.path("recorded").asBoolean(false)
                    && proof.path("complete").asBoolean(false);
        });
        JsonNode proof = stage.proof(0);
        stage.say(
                "recorded at %s as epoch %s; fence %s; %s",
                proof.path("recordedAt").asString("?"),
                proof.path("epoch"),
                proof.path("fence"),
                proof.path("words").asString());
        stage.await("both instances say 0 %", BACK_WITHIN, () -> stage.percentage(0) == 0 && stage.percentage(1) == 0);
    }

    private static void stayDown(Stage stage) throws IOException, InterruptedException {
        Instant end = Instant.now().plus(WATCHED);
        int looks = 0;
        while (Instant.now().isBefore(end)) {
            for (int i = 0; i < 2; i++) {
                JsonNode rollout = stage.rollout(i);
                stage.require(
                        rollout.path("percentage").asDouble(-1) == 0
                                && rollout.path("state").asString("ROLLED_BACK").equals("ROLLED_BACK"),
                        "service %d went up again: %s",
                        i + 1,
                        rollout);
                looks++;
            }
            Thread.sleep(100);
        }
        stage.say("%d looks in %d s: 0 %% and ROLLED_BACK at both", looks, WATCHED.toSeconds());
    }
}
