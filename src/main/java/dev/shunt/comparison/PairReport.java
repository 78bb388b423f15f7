package dev.shunt.comparison;

import dev.shunt.core.Route;
import dev.shunt.core.Shadowing.Mode;
import dev.shunt.store.ShadowMinutes.Counts;
import dev.shunt.store.ShadowMinutes.Row;
import java.util.List;

/**
 * Shadow pairs of the items accepted in a window, in whole minutes. The figures at the top are those of pairs that compare
 * the routes; pairs on the same route show noise and stand in {@code routes} only.
 *
 * @param sampled = compared + shed + failed + timedOut + those that still wait
 * @param compared = equal + differing
 * @param shed not run: too many, too large, or the primary was behind
 * @param failed could not be run or read, which says nothing about the item
 * @param timedOut the second run was late
 * @param waiting on this instance, whatever the window and the mode
 * @param upperBound with 95 % confidence, at most this share of items differs; 1 if nothing was compared
 * @param routes by primary, shadow and mode
 */
public record PairReport(
        long sampled,
        long compared,
        long equal,
        long differing,
        long shed,
        long failed,
        long timedOut,
        long waiting,
        double upperBound,
        List<Line> routes) {

    /** The same for one primary, shadow and mode. */
    public record Line(
            Route primary,
            Route shadow,
            Mode mode,
            long sampled,
            long compared,
            long equal,
            long differing,
            long shed,
            long failed,
            long timedOut,
            double upperBound) {}

    static PairReport of(List<Row> rows, long waiting) {
        Counts all = PairTally.sum(rows.stream()
                .filter(row -> row.key().mode() == Mode.OTHER_ROUTE)
                .map(Row::counts)
                .toList());
        return new PairReport(
                all.sampled(),
                compared(all),
                all.equal(),
                all.differing(),
                all.shed(),
                all.failed(),
                all.timedOut(),
                waiting,
                bound(all),
                rows.stream().map(PairReport::line).toList());
    }

    private static Line line(Row row) {
        Counts counts = row.counts();
        return new Line(
                row.key().primary(),
                row.key().shadow(),
                row.key().mode(),
                counts.sampled(),
                compared(counts),
                counts.equal(),
                counts.differing(),
                counts.shed(),
                counts.failed(),
                counts.timedOut(),
                bound(counts));
    }

    private static long compared(Counts counts) {
        return counts.equal() + counts.differing();
    }

    private static double bound(Counts counts) {
        return Equality.upperBound(counts.differing(), compared(counts));
    }
}
