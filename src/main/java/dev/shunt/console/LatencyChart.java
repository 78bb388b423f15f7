package dev.shunt.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The routes side by side for one way in: each stage and route a line from its median to its last percentile, on a
 * logarithmic scale, in a drawing 720 units wide. Public for the template engine.
 *
 * @param height of the drawing
 * @param ticks of the scale
 */
public record LatencyChart(String heading, int height, List<Tick> ticks, List<Row> rows) {

    private static final double LEFT = 210;
    private static final double WIDTH = 480;
    private static final int ROW = 26;
    private static final int TOP = 24;

    /** One line of the scale. */
    public record Tick(String x, String label) {}

    /**
     * One stage on one route; places are in the drawing, figures in milliseconds, empty where not known.
     *
     * @param side {@code legacy} or {@code temporal}
     */
    public record Row(
            String label,
            String side,
            String y,
            String from,
            String middle,
            String until,
            String n,
            String p50,
            String p90,
            String p95,
            String p99,
            String p999) {}

    static List<LatencyChart> of(List<WindowReport.Stage> stages) {
        Map<String, List<WindowReport.Stage>> byWayIn = new LinkedHashMap<>();
        stages.forEach(stage -> byWayIn.computeIfAbsent(stage.wayIn(), wayIn -> new ArrayList<>())
                .add(stage));
        List<LatencyChart> charts = new ArrayList<>();
        byWayIn.forEach((wayIn, some) -> charts.add(chart(wayIn, some)));
        return charts;
    }

    private static LatencyChart chart(String wayIn, List<WindowReport.Stage> stages) {
        double least = 1;
        double most = 10;
        for (WindowReport.Stage stage : stages) {
            least = Math.min(least, or(stage.p50(), 1));
            most = Math.max(most, or(stage.p99(), 1));
        }
        int low = (int) Math.floor(Math.log10(Math.max(least, 0.1)));
        int high = (int) Math.ceil(Math.log10(most));
        List<Tick> ticks = new ArrayList<>();
        for (int decade = low; decade <= high; decade++) {
            ticks.add(new Tick(x(Math.pow(10, decade), low, high), label(Math.pow(10, decade))));
        }
        List<Row> rows = new ArrayList<>();
        for (WindowReport.Stage stage : stages) {
            double p50 = or(stage.p50(), 0);
            rows.add(new Row(
                    stage.stage() + ", " + stage.route().toLowerCase(Locale.ROOT),
                    stage.route().toLowerCase(Locale.ROOT),
                    PhaseChart.text(TOP + ROW * (rows.size() + 0.5)),
                    x(p50, low, high),
                    x(or(stage.p95(), p50), low, high),
                    x(or(stage.p99(), p50), low, high),
                    ReportPage.number(stage.n()),
                    millis(stage.p50()),
                    millis(stage.p90()),
                    millis(stage.p95()),
                    millis(stage.p99()),
                    millis(stage.p999())));
        }
        String words = wayIn.equals("HTTP") ? "came over HTTP" : "came from the list";
        return new LatencyChart("What " + words, TOP + ROW * rows.size() + 10, ticks, rows);
    }

    private static String x(double millis, int low, int high) {
        double place = (Math.log10(Math.max(millis, Math.pow(10, low))) - low) / (high - low);
        return PhaseChart.text(LEFT + WIDTH * Math.clamp(place, 0, 1));
    }

    private static String label(double millis) {
        return millis >= 1_000 ? (long) (millis / 1_000) + " s" : millis >= 1 ? (long) millis + " ms" : millis + " ms";
    }

    private static String millis(@Nullable Double millis) {
        return millis == null ? "" : String.format(Locale.ROOT, millis < 100 ? "%.1f" : "%,.0f", millis);
    }

    private static double or(@Nullable Double value, double other) {
        return value == null ? other : value;
    }
}
