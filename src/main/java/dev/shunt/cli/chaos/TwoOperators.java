package dev.shunt.cli.chaos;

import static dev.shunt.cli.chaos.Stage.ROLLOUT;

import dev.shunt.cli.DemoFailure;
import dev.shunt.cli.Shunt;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;

/** Two operators have seen the same version and order at the same moment, each at another instance. */
final class TwoOperators {

    private static final int TIMES = 10;

    private final Stage stage;
    private int firstWon;

    private TwoOperators(Stage stage) {
        this.stage = stage;
    }

    static void play(Stage stage) throws IOException, InterruptedException, SQLException {
        new TwoOperators(stage).play();
    }

    private void play() throws IOException, InterruptedException {
        stage.step("start", "alice", "{\"reason\": \"two operators\"}");
        for (int i = 1; i <= TIMES; i++) {
            race("percentage", percentage(i / 4.0), percentage(5 + i / 4.0));
        }
        stage.say(
                "%d times one of two percentages was taken and the other answered with 412 (alice was first %d times)",
                TIMES, firstWon);
        String promote = "{\"reason\": \"on to half of it, by two\", \"override\": true}";
        race("promote", promote, promote);
        stage.require(stage.percentage(0) == 50, "after the promotion the flag is at %s", stage.percentage(0));
        stage.say("of two promotions one was taken: 50 %%, not 100 %%");
    }

    private static String percentage(double percentage) {
        return "{\"percentage\": " + percentage + ", \"reason\": \"one of two\"}";
    }

    private void race(String step, String first, String second) throws IOException, InterruptedException {
        String seen = "\"" + stage.epoch() + "\"";
        var start = new CyclicBarrier(2);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<Shunt.Answer> alice = threads.submit(order(start, 0, step, "alice", seen, first));
            Future<Shunt.Answer> bob = threads.submit(order(start, 1, step, "bob", seen, second));
            judge(step, seen, alice.get(), bob.get());
        } catch (ExecutionException failed) {
            throw new DemoFailure("an order was not answered: " + failed.getCause(), failed);
        }
    }

    private Callable<Shunt.Answer> order(
            CyclicBarrier start, int service, String step, String actor, String seen, String body) {
        return () -> {
            start.await();
            return stage.cluster().shunt(service).order(ROLLOUT + "/" + step, actor, seen, body);
        };
    }

    private void judge(String step, String seen, Shunt.Answer alice, Shunt.Answer bob)
            throws IOException, InterruptedException {
        List<Integer> statuses = List.of(alice.status(), bob.status());
        stage.require(
                statuses.equals(List.of(200, 412)) || statuses.equals(List.of(412, 200)),
                "two orders of %s at epoch %s were answered with %s: %s and %s",
                step,
                seen,
                statuses,
                alice.body(),
                bob.body());
        boolean aliceWon = alice.status() == 200;
        firstWon += aliceWon ? 1 : 0;
        JsonNode taken = (aliceWon ? alice : bob).body();
        JsonNode refusal = (aliceWon ? bob : alice).body();
        JsonNode theirs = refusal.path("change");
        stage.require(
                Stage.by(theirs, aliceWon ? "alice" : "bob")
                        && theirs.path("epoch").asLong(-1)
                                == taken.path("epoch").asLong(-2)
                        && theirs.path("to").path("percentage").asDouble(-1)
                                == taken.path("percentage").asDouble(-2),
                "the refusal does not tell the other's change %s: %s",
                taken,
                refusal);
        stage.require(
                stage.epoch() >= taken.path("epoch").asLong(-1),
                "the flag is at %d, older than what was taken",
                stage.epoch());
        if (firstWon + (aliceWon ? 0 : 1) == 1 || step.equals("promote")) {
            stage.say("%s: %s", step, refusal.path("detail").asString());
        }
    }
}
