package dev.shunt.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.comparison.CheckerStatus;
import dev.shunt.comparison.ComparisonReport;
import dev.shunt.comparison.ComparisonReport.Cohort;
import dev.shunt.comparison.ComparisonReport.Items;
import dev.shunt.comparison.Judgement;
import dev.shunt.comparison.Judgement.Evidence;
import dev.shunt.comparison.PairReport;
import dev.shunt.console.WindowReport.Example;
import dev.shunt.console.WindowReport.Group;
import dev.shunt.console.WindowReport.PhaseChange;
import dev.shunt.console.WindowReport.Stage;
import dev.shunt.core.Route;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The report as people get it. */
class ReportTest {

    private static final Instant FROM = Instant.parse("2026-11-21T08:00:00Z");
    private static final Instant UNTIL = Instant.parse("2026-11-21T10:00:00Z");
    private static final Cohort NONE = new Cohort(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Map.of(), 0, Map.of());

    private final ReportTemplates templates = new ReportTemplates();

    @Test
    void the_page_needs_nothing_else_and_shows_values_as_text() {
        String page = templates.html(diverging());

        assertThat(page)
                .contains("Diverging: 1 kind of disagreement, the largest VALUE at spans[].name.")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
                // 0 % until a quarter of the time, 10 % from there on; a group was seen first after 50 of 120 minutes
                .contains("<polyline class=\"share\" points=\"44.0,92.0 209.0,92.0 209.0,84.0 704.0,84.0\"")
                .contains("<line class=\"mark\" y1=\"12\" y2=\"92\" x1=\"319.0\" x2=\"319.0\"")
                .contains("prefers-color-scheme: dark", "@media print")
                .contains("accept to commit, legacy", "accept to commit, temporal")
                // 240 units are a decade, and 1 ms is at 210
                .contains("x=\"210.0\">1 ms<", "x=\"450.0\">10 ms<", "x=\"690.0\">100 ms<")
                .contains(range("legacy", "327.9", "524.8"), range("temporal", "532.2", "667.4"))
                .contains(dot("legacy", 5, "327.9"), dot("legacy", 3, "426.7"))
                .contains(dot("temporal", 5, "532.2"), dot("temporal", 3, "627.7"))
                .contains(line("accept to commit, legacy", "900", "3.1", "5.0", "8.0", "20.5", "40.0"))
                .contains(line("accept to commit, temporal", "100", "22.0", "40.0", "55.0", "80.5", "1,200"))
                .contains("12,345")
                .contains("300,000 of 300,000", "3 SUMMARY", "12 VALUE", "Postgres went away")
                .doesNotContain("<script", "src=", "href=", "url(", " th:");
    }

    @Test
    void markdown_keeps_each_value_in_its_cell() {
        String text = templates.markdown(diverging());

        assertThat(text)
                .contains("**Diverging: 1 kind of disagreement, the largest VALUE at spans[].name.**")
                .contains("### VALUE at `spans[].name`")
                .contains("`a \\| b`")
                .contains("| ada \\| op | 300,000 of 300,000 | 3 SUMMARY, 12 VALUE | 3 |")
                .contains("| 2026-11-21 08:30:00 | 10 % | ada | first tenth | 7 |")
                .doesNotContain("[#", "[(");
    }

    @Test
    void an_empty_time_is_no_data_and_not_a_yes() {
        WindowReport empty =
                report(List.of(), List.of(), List.of(), new Evidence(0, 0, List.of(), 0, 0, 0, 0, List.of()));

        assertThat(templates.html(empty))
                .contains("No data: nothing was accepted in this time.", "class=\"verdict open\"");
        assertThat(templates.markdown(empty)).contains("**No data: nothing was accepted in this time.**");
    }

    /** From the median to p99. */
    private static String range(String side, String from, String until) {
        return "<line class=\"range " + side + "\" x1=\"" + from + "\" x2=\"" + until + "\"";
    }

    /** @param radius 5 at the median, 3 at p95 */
    private static String dot(String side, int radius, String at) {
        return "<circle class=\"dot " + side + "\" r=\"" + radius + "\" cx=\"" + at + "\"";
    }

    private static String line(String... cells) {
        return "<td>" + String.join("</td><td>", cells) + "</td>";
    }

    private static WindowReport diverging() {
        var group = new Group(
                "VALUE",
                "spans[].name",
                List.of("RECONCILIATION"),
                12_345,
                2,
                0.01,
                0.02,
                "12,345 of 100,000 items",
                "NEW",
                FROM.plusSeconds(3_000),
                UNTIL,
                List.of(new Example(
                        "spans[a].name", "<script>alert(1)</script>", "a | b", "p:t:0123456789abcdef", "TEMPORAL")));
        return report(
                List.of(new PhaseChange(FROM.plusSeconds(1_800), new BigDecimal("10.00"), 7, "ada", "first tenth")),
                List.of(
                        new Stage("HTTP", "accept to commit", "LEGACY", 900, 3.1, 5.0, 8.0, 20.5, 40.0),
                        new Stage("HTTP", "accept to commit", "TEMPORAL", 100, 22.0, 40.0, 55.0, 80.5, 1_200.0)),
                List.of(group),
                new Evidence(1_000, 0, List.of("VALUE at spans[].name"), 0, 0, 0, 100, List.of()));
    }

    private static List<WindowReport.Run> runs() {
        return List.of(
                new WindowReport.Run(
                        4,
                        FROM.minusSeconds(3_600),
                        UNTIL,
                        "DONE",
                        "ada | op",
                        UNTIL,
                        UNTIL.plusSeconds(40),
                        300_000,
                        300_000,
                        new TreeMap<>(Map.of("SUMMARY", 3L, "VALUE", 12L)),
                        "APPLY",
                        3,
                        null),
                new WindowReport.Run(
                        3,
                        FROM,
                        UNTIL,
                        "FAILED",
                        "shunt",
                        UNTIL,
                        UNTIL.plusSeconds(1),
                        300_000,
                        2_000,
                        Map.of(),
                        "NONE",
                        0,
                        "Postgres went away"));
    }

    private static WindowReport report(
            List<PhaseChange> phases, List<Stage> latency, List<Group> groups, Evidence evidence) {
        var comparison = new ComparisonReport(
                "trace",
                FROM,
                UNTIL,
                Map.of(Route.LEGACY, NONE, Route.TEMPORAL, NONE),
                new Items(0, 0, 0, 0, List.of(), List.of(), null, UNTIL, 0),
                Map.of(),
                List.of(),
                new CheckerStatus(CheckerStatus.Role.ACTIVE, UNTIL, 0, null, 0),
                "up",
                Map.of(),
                new PairReport(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, List.of()));
        return new WindowReport(
                "trace", FROM, UNTIL, UNTIL, Judgement.of(evidence), phases, latency, groups, runs(), null, comparison);
    }
}
