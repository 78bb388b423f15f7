package dev.shunt.comparison;

import dev.shunt.core.Route;
import dev.shunt.core.Shadowing.Mode;
import dev.shunt.store.HiddenPairs;
import dev.shunt.store.ShadowMinutes.Counts;
import dev.shunt.store.ShadowMinutes.Row;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Shadow pairs of the items accepted in a window, in whole minutes. The figures at the top are those of pairs that compare
 * the routes; pairs on the same route show noise and stand in {@code routes} only.
 *
 * @param sampled = compared + shed + failed + timedOut + those that still wait
 * @param compared = equal + differing + hidden
 * @param differing in something that no ignore rule hides
 * @param hidden differ only in what ignore rules hide now; they are no part of the bound
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
        long hidden,
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
            long hidden,
            long shed,
            long failed,
            long timedOut,
            double upperBound) {}

    /** @param hidden what ignore rules hide of them */
    static PairReport of(List<Row> rows, List<HiddenPairs.Count> hidden, long waiting) {
        List<Line> lines = rows.stream().map(row -> line(row, hidden)).toList();
        List<Line> between =
                lines.stream().filter(line -> line.mode() == Mode.OTHER_ROUTE).toList();
        long compared = sum(between, Line::compared);
        long differing = sum(between, Line::differing);
        return new PairReport(
                sum(between, Line::sampled),
                compared,
                sum(between, Line::equal),
                differing,
                sum(between, Line::hidden),
                sum(between, Line::shed),
                sum(between, Line::failed),
                sum(between, Line::timedOut),
                waiting,
                Equality.upperBound(differing, compared),
                lines);
    }

    private static long sum(List<Line> lines, ToLongFunction<Line> figure) {
        return lines.stream().mapToLong(figure).sum();
    }

    private static Line line(Row row, List<HiddenPairs.Count> hidden) {
        Counts counts = row.counts();
        long compared = counts.equal() + counts.differing();
        long items = hidden.stream()
                .filter(count -> count.primary() == row.key().primary()
                        && count.shadow() == row.key().shadow())
                .mapToLong(HiddenPairs.Count::items)
                .sum();
        long concealed = Math.min(items, counts.differing());
        long differing = counts.differing() - concealed;
        return new Line(
                row.key().primary(),
                row.key().shadow(),
                row.key().mode(),
                counts.sampled(),
                compared,
                counts.equal(),
                differing,
                concealed,
                counts.shed(),
                counts.failed(),
                counts.timedOut(),
                Equality.upperBound(differing, compared));
    }
}
