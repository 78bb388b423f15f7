package dev.shunt.cli.chaos;

import dev.shunt.cli.DemoTrace;
import dev.shunt.cli.Phase;
import dev.shunt.cli.Recordings;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** An instance has decided for Temporal, and is frozen before it can register the item; meanwhile another rolls back. */
final class FrozenDecision {

    private static final int FROZEN = 1;
    private static final int AWAKE = 0;
    private static final String PROJECT = "scene-frozen";
    private static final Duration COMPLETE_WITHIN = Duration.ofSeconds(30);
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(60);

    private FrozenDecision() {}

    static void play(Stage stage) throws IOException, InterruptedException, SQLException {
        stage.toFifty();
        Cluster cluster = stage.cluster();
        RedisRelay line = cluster.redisRelay(FROZEN);
        long pid = cluster.services().get(FROZEN).pid();
        registerSome(stage);
        Held held = line.hold(Step.REGISTER);
        Thread client = Thread.ofPlatform().daemon().name("client").start(() -> send(stage, held));
        JsonNode proof;
        try {
            stage.require(held.awaitFirst(30_000), "no item was decided for Temporal in 30 s");
            Signals.freeze(pid);
            stage.say(
                    "service %d has decided for Temporal and is frozen before the registration: %s",
                    FROZEN + 1, held.keys());
            cluster.shunt(AWAKE).rollback();
            stage.say("service %d has rolled back", AWAKE + 1);
            stage.await(
                    "the rollback is complete",
                    COMPLETE_WITHIN,
                    () -> stage.proof(AWAKE).path("complete").asBoolean());
            proof = stage.proof(AWAKE);
            stage.say("%s; instances %s", proof.path("words").asString(), states(proof));
        } finally {
            line.release();
            Signals.thaw(pid);
        }
        Instant awake = Instant.now();
        stage.say("service %d is awake again, and its registration goes on to Redis", FROZEN + 1);
        stage.await(
                "what was held is in the ledger",
                SETTLED_WITHIN,
                () -> routes(stage, held).values().stream()
                                .mapToInt(Integer::intValue)
                                .sum()
                        == held.keys().size());
        client.join();
        Map<String, Integer> routes = routes(stage, held);
        stage.say("refused by the fence %d, let in %d; the items ran as %s", held.refused(), held.admitted(), routes);
        stage.require(held.admitted() == 0 && held.refused() > 0, "the fence let a registration in, or saw none");
        stage.require(
                routes.keySet().stream().allMatch(route -> route.startsWith("LEGACY")),
                "an item ran on Temporal after the rollback was complete: %s",
                routes);
        JsonNode later = stage.proof(AWAKE);
        stage.require(
                later.path("complete").asBoolean()
                        && later.path("completedAt").equals(proof.path("completedAt"))
                        && Instant.parse(later.path("completedAt").asString()).isBefore(awake)
                        && stage.rollout(AWAKE).path("inFlight").asLong(-1) == 0,
                "complete was not true: %s, then %s",
                proof,
                later);
        stage.say("complete was true: nothing is in flight, and nothing was since");
    }

    /** A Redis that has seen no registration yet does not know its script, and would answer that and no fence. */
    private static void registerSome(Stage stage) throws InterruptedException {
        Recordings recordings = Recordings.published(stage.seed() + 1);
        for (int i = 0; i < 20; i++) { // at 50 %
            DemoTrace item = recordings.next(new Phase("scene", 50, false), DemoTrace.Way.HTTP, Instant.now());
            while (!taken(stage, item)) {
                Thread.sleep(250);
            }
        }
    }

    /** New items at the door of the instance, until one is kept back; that one again until it is answered. */
    private static void send(Stage stage, Held held) {
        Recordings recordings = Recordings.published(stage.seed());
        try {
            while (held.keys().isEmpty()) {
                DemoTrace item = recordings.next(new Phase("scene", 50, false), DemoTrace.Way.HTTP, Instant.now());
                while (!taken(stage, item)) {
                    Thread.sleep(250);
                }
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean taken(Stage stage, DemoTrace item) throws InterruptedException {
        try {
            return stage.cluster().shunt(FROZEN).post(PROJECT, item.httpBody()).statusCode() == 202;
        } catch (IOException frozen) {
            return false;
        }
    }

    private static Map<String, Integer> routes(Stage stage, Held held) throws SQLException {
        return new LateAudit(stage.cluster().backends(), PROJECT).routes(held.keys());
    }

    private static String states(JsonNode proof) {
        var states = new StringBuilder();
        for (JsonNode instance : proof.path("instances")) {
            states.append(states.isEmpty() ? "" : ", ")
                    .append(instance.path("id").asString())
                    .append(' ')
                    .append(instance.path("state").asString());
        }
        return states.toString();
    }
}
