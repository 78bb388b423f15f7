package dev.shunt.cli.chaos;

import dev.shunt.cli.Shunt;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** One fault under load, and what became of every item. */
final class Round {

    private static final int PERCENTAGE = 50;

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
    boolean run(String project) throws IOException, InterruptedException, SQLException {
        long start = System.nanoTime();
        Instant began = Instant.now();
        var book = new ChaosBook();
        cluster.shunt(0).setPercentage(PERCENTAGE);
        List<Shunt> doors = cluster.services().stream()
                .map(service -> new Shunt(service.url()))
                .toList();
        var random = new SplittableRandom(seed);
        try (var load = new Load(doors, cluster.backends().redis(), project, book, fault, seed)) {
            load.start();
            new Mischief(cluster, random, seconds, out).run(fault);
            load.finish();
        }
        Map<String, Long> left = new Quiet(cluster.backends(), project).await();
        Findings found = Findings.of(book, Findings.Store.read(cluster.backends(), project, began));
        boolean well = found.allWell()
                && left.isEmpty()
                && book.complaints().isEmpty()
                && book.acceptedItems() == book.items();
        out.printf(
                "%-4s %-40s seed %d  sent %d  accepted %d  stored %d (%d by Temporal)  lost %d  twice %d  sums %s  dead %d%s  %d s%n",
                well ? "ok" : "BAD",
                fault.number() + " " + fault.text(),
                seed,
                book.items(),
                book.acceptedItems(),
                found.stored(),
                found.temporal(),
                found.lost(),
                found.twice(),
                found.sums() == 0 ? "equal" : found.sums() + " differ",
                found.dead(),
                book.poison().isEmpty() ? "" : " (+ " + book.poison().size() + " poisoned)",
                (System.nanoTime() - start) / 1_000_000_000);
        left.forEach((place, count) -> out.println("  left in flight: " + count + " in " + place));
        book.complaints().forEach(complaint -> out.println("  wrong answer: " + complaint));
        found.details().stream().limit(20).forEach(detail -> out.println("  " + detail));
        out.flush();
        return well;
    }
}
