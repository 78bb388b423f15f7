package dev.shunt.cli.chaos;

import dev.shunt.cli.Shunt;
import dev.shunt.embedded.faults.Fault;
import dev.shunt.embedded.faults.Planting;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Where scenes of a rollout are played: services, the orders of operators, and what is seen, with its time. */
final class Stage {

    /** 10, 50 and 100 % in seconds; gates that few items can decide. */
    static final List<String> PLAN = plan();

    static final String ROLLOUT = "/api/v1/rollouts/trace";

    private static final String LEADS = "This instance watches the rollouts now.";

    private final Cluster cluster;
    private final long seed;
    private final int keys;
    private final PrintWriter out;
    private final long began = System.nanoTime();

    /** @param keys for the scene that needs many */
    Stage(Cluster cluster, long seed, int keys, PrintWriter out) {
        this.cluster = cluster;
        this.seed = seed;
        this.keys = keys;
        this.out = out;
    }

    /** Something that may not be answered for a moment. */
    interface Look<T> {
        T now() throws IOException, InterruptedException, SQLException;
    }

    Cluster cluster() {
        return cluster;
    }

    long seed() {
        return seed;
    }

    int keys() {
        return keys;
    }

    void say(String what, Object... values) {
        out.println(String.format(
                Locale.ROOT,
                "  %6.2f s  %s",
                (System.nanoTime() - began) / 1e9,
                String.format(Locale.ROOT, what, values)));
        out.flush();
    }

    void require(boolean seen, String otherwise, Object... values) {
        if (!seen) {
            throw new NotSeen(String.format(Locale.ROOT, otherwise, values));
        }
    }

    /** Looks again and again until it is so; an instance or server that does not answer is looked at again. */
    void await(String what, Duration within, Look<Boolean> look) throws InterruptedException {
        long giveUp = System.nanoTime() + within.toNanos();
        String last = "it was not so";
        while (System.nanoTime() < giveUp) {
            try {
                if (look.now()) {
                    return;
                }
            } catch (IOException | SQLException unanswered) {
                last = String.valueOf(unanswered.getMessage());
            }
            Thread.sleep(50);
        }
        throw new NotSeen("not within " + within.toSeconds() + " s: " + what + " (" + last + ")");
    }

    JsonNode rollout(int service) throws IOException, InterruptedException {
        return cluster.shunt(service).get(ROLLOUT);
    }

    JsonNode proof(int service) throws IOException, InterruptedException {
        return cluster.shunt(service).get(ROLLOUT + "/rollback");
    }

    long epoch() throws IOException, InterruptedException {
        return rollout(0).path("epoch").asLong(-1);
    }

    double percentage(int service) throws IOException, InterruptedException {
        return rollout(service).path("percentage").asDouble(-1);
    }

    /** What happened after a version of the flag, the oldest first. */
    List<JsonNode> history(long afterEpoch) throws IOException, InterruptedException {
        var story = new ArrayList<JsonNode>();
        for (JsonNode entry : cluster.shunt(0).get(ROLLOUT + "/history?limit=200")) {
            if (entry.path("epoch").asLong(0) > afterEpoch) {
                story.add(entry);
            }
        }
        Collections.reverse(story);
        return story;
    }

    /** A step that must be taken; returns once every instance obeys it. */
    void step(String step, String actor, String body) throws IOException, InterruptedException {
        Shunt.Answer answer = cluster.shunt(0).order(ROLLOUT + "/" + step, actor, "*", body);
        require(answer.status() == 200, "%s was answered with %d: %s", step, answer.status(), answer.body());
        long epoch = answer.body().path("epoch").asLong(-1);
        awaitObeyed(epoch);
        say(
                "%s by %s: %s %%, epoch %d, acknowledged by all",
                step, actor, answer.body().path("percentage"), epoch);
    }

    /** Starts the plan and goes to 50 % whatever the gates say. */
    void toFifty() throws IOException, InterruptedException {
        step("start", "alice", "{\"reason\": \"a scene begins\"}");
        step("promote", "alice", "{\"reason\": \"on to half of it, for the scene\", \"override\": true}");
    }

    private void awaitObeyed(long epoch) throws InterruptedException {
        await("every instance obeys epoch " + epoch, Duration.ofSeconds(10), () -> {
            JsonNode rollout = rollout(0);
            int obey = 0;
            for (JsonNode instance : rollout.path("instances")) {
                boolean live = instance.path("live").asBoolean();
                obey += live && instance.path("epoch").asLong(-1) >= epoch ? 1 : 0;
            }
            return obey == cluster.services().size();
        });
    }

    /** Where nothing of an earlier scene is left. */
    void reset() throws IOException, InterruptedException, SQLException {
        try (Connection database = cluster.backends().database()) {
            Planting.takeAway(database);
        }
        cluster.awaitRoutes();
        cluster.shunt(0).rollback();
        await(
                "the rollback of an earlier scene is complete",
                Duration.ofSeconds(60),
                () -> proof(0).path("complete").asBoolean());
    }

    /** What Temporal stores is wrong from now on: times lose their fractions, which loses nothing else. */
    void plantFault() throws SQLException {
        try (Connection database = cluster.backends().database()) {
            Planting.plant(database, "public", Fault.TIMES_CUT_TO_SECONDS, 1);
        }
        say("a fault is planted: on Temporal %s", Fault.TIMES_CUT_TO_SECONDS.sentence());
    }

    /** The instance that watches the rollouts: the last one whose log says so. */
    int leader() throws IOException {
        int leader = -1;
        String latest = "";
        for (int i = 0; i < cluster.services().size(); i++) {
            Path log = cluster.services().get(i).log();
            for (String line : Files.readAllLines(log)) {
                if (line.endsWith(LEADS) && line.compareTo(latest) > 0) {
                    latest = line;
                    leader = i;
                }
            }
        }
        require(leader >= 0, "no instance says that it watches the rollouts");
        return leader;
    }

    /** Until an instance, asked for a verdict, says FAIL; it acts on nothing unless it leads. */
    void awaitFail(int service) throws InterruptedException {
        await("a gate fails", Duration.ofSeconds(90), () -> {
            JsonNode verdict = cluster.shunt(service).get(ROLLOUT + "/verdict");
            boolean fails = verdict.path("outcome").asString("").equals("FAIL");
            if (fails) {
                verdict.path("gates").forEach(gate -> {
                    if (gate.path("outcome").asString("").equals("FAIL")) {
                        say(
                                "gate %s FAIL: %s",
                                gate.path("gate").asString(), gate.path("words").asString());
                    }
                });
            }
            return fails;
        });
    }

    static boolean is(JsonNode entry, String step) {
        return entry.path("what").asString("").equalsIgnoreCase(step);
    }

    /** Whether it is of this actor, whom nobody may have checked. */
    static boolean by(JsonNode entry, String actor) {
        return entry.path("changedBy").asString("").startsWith(actor);
    }

    static Instant at(JsonNode entry) {
        return Instant.parse(entry.path("changedAt").asString());
    }

    private static List<String> plan() {
        String plan = "--shunt.rollout.plans.trace.";
        var settings = new ArrayList<String>();
        String[] names = {"ten", "fifty", "hundred"};
        int[] percentages = {10, 50, 100};
        for (int i = 0; i < names.length; i++) {
            String phase = plan + "phases[" + i + "].";
            settings.add(phase + "name=" + names[i]);
            settings.add(phase + "percentage=" + percentages[i]);
            settings.add(phase + "bake=3s");
            settings.add(phase + "minimum-items=10");
        }
        settings.add(plan + "gates[0].name=divergence");
        settings.add(plan + "gates[0].mode=rollback");
        settings.add(plan + "gates[0].limit=0.1");
        settings.add(plan + "gates[1].name=completion");
        settings.add(plan + "gates[1].mode=rollback");
        settings.add(plan + "gates[1].limit=0.8");
        settings.add(plan + "cooldown=0s");
        settings.add(plan + "evaluation-interval=3s");
        settings.add(plan + "in-flight-on-rollback=wait 2s then recall");
        return List.copyOf(settings);
    }
}
