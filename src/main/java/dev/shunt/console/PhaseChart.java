package dev.shunt.console;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The share of Temporal over the window, as a line in a drawing of 720 x 120 units, with a mark where each group of
 * divergences was seen first. Public for the template engine.
 *
 * @param points of a polyline
 * @param marks x of each mark
 */
public record PhaseChart(String points, List<String> marks, String from, String until) {

    private static final double LEFT = 44;
    private static final double WIDTH = 660;
    private static final double TOP = 12;
    private static final double HEIGHT = 80;

    static PhaseChart of(WindowReport report) {
        var points = new StringBuilder();
        double share = 0;
        point(points, LEFT, share);
        for (WindowReport.PhaseChange phase : report.phases()) {
            double x = x(phase.at(), report);
            point(points, x, share);
            share = phase.percentage().doubleValue();
            point(points, x, share);
        }
        point(points, LEFT + WIDTH, share);
        List<String> marks = new ArrayList<>();
        report.groups().forEach(group -> marks.add(text(x(group.firstSeen(), report))));
        return new PhaseChart(
                points.toString().strip(), marks, ReportPage.time(report.from()), ReportPage.time(report.until()));
    }

    private static void point(StringBuilder points, double x, double share) {
        points.append(text(x))
                .append(',')
                .append(text(TOP + HEIGHT * (1 - share / 100)))
                .append(' ');
    }

    private static double x(Instant time, WindowReport report) {
        double whole = Duration.between(report.from(), report.until()).toMillis();
        double part = Duration.between(report.from(), time).toMillis();
        return LEFT + WIDTH * Math.clamp(part / whole, 0, 1);
    }

    static String text(double number) {
        return String.format(Locale.ROOT, "%.1f", number);
    }
}
