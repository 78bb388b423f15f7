package dev.shunt.cli.chaos;

import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** One fault under load, and what became of every item. */
final class Round {

    private static final int PERCENTAGE = 50;
    private static final int MOST_TRIES = 20;
    private static final int ITEMS_AFTERWARDS = 60;
    private static final Duration QUIET_WITHIN = Duration.ofMinutes(3);

    private final Cluster cluster;
    private final Fault fault;
    private final long seed;
    private final int seconds;
    private final PrintWriter out;

    Round(Cluster cluster, Fault fault, long seed, int seconds, PrintWriter out) {
        this.cluster = cluster;
        this.fault = fault;
        this.seed = seed;
        this.seconds = seconds;
        this.out = out;
    }

    /** Prints its line, and details if not all is well. */
    Result run(String project) throws IOException, InterruptedException, SQLException {
        long start = System.nanoTime();
        Instant began = Instant.now();
        var book = new ChaosBook();
        raise();
        var random = new SplittableRandom(seed);
        Evidence evidence;
        try (var load = new Load(cluster.doors(), cluster.backends().redis(), project, book, fault, seed)) {
            load.start();
            evidence = new Mischief(cluster, random, seconds, out).run(fault);
            cluster.awaitRoutes();
            load.goOn(ITEMS_AFTERWARDS); // what comes back must also be seen to work
            load.finish();
        }
        Map<String, Long> left = new Quiet(cluster.backends(), project).await(QUIET_WITHIN);
        Findings found = Findings.of(book, Findings.Store.read(cluster.backends(), project, began));
        var ledger = new LateAudit(cluster.backends(), project);
        if (!evidence.heldKeys().isEmpty()) {
            ledger.routes(evidence.heldKeys()).forEach((where, count) -> evidence.count("held ran as " + where, count));
        }
        List<String> wrong = new ArrayList<>(ledger.late(evidence.closed()));
        left.forEach((place, count) -> wrong.add("left in flight: " + count + " in " + place));
        book.complaints().forEach(complaint -> wrong.add("wrong answer: " + complaint));
        wrong.addAll(evidence.complaints());
        if (book.acceptedItems() != book.items()) {
            wrong.add((book.items() - book.acceptedItems()) + " items were never accepted");
        }
        wrong.addAll(found.details());
        var result = new Result(
                fault,
                seed,
                cluster.services().size(),
                wrong.isEmpty() && found.allWell(),
                evidence.times(),
                book.items(),
                book.acceptedItems(),
                found.stored(),
                found.temporal(),
                found.reasons(),
                found.lost(),
                found.twice(),
                found.sums(),
                found.dead(),
                book.poison().size(),
                evidence.text(),
                (System.nanoTime() - start) / 1_000_000_000);
        out.println(result.line());
        wrong.stream().limit(20).forEach(detail -> out.println("  " + detail));
        out.flush();
        return result;
    }

    /** What the round before did to a backend may be felt for a moment. */
    private void raise() throws IOException, InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                cluster.shunt(0).setPercentage(PERCENTAGE);
                return;
            } catch (IOException refused) {
                if (tries == MOST_TRIES) {
                    throw refused;
                }
                Thread.sleep(1_000);
            }
        }
    }
}
