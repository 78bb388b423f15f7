package dev.shunt.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.deployment.Monitoring.Alert;
import dev.shunt.deployment.Monitoring.Query;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Alerts and dashboards held against the runbook, their own tests and the list of metrics. */
class MonitoringTest {

    private static final String RUNBOOK = "migration-runbook.md";
    private static final Pattern CHAPTER = Pattern.compile("(?m)^### (Shunt[A-Za-z]+)$");
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{(\\w+)}|(\\w+))");
    // Made by Prometheus itself, not scraped.
    static final Set<String> PROMETHEUS = Set.of("up", "ALERTS");

    @Test
    void every_alert_says_how_bad_it_is_and_what_it_means() {
        assertThat(Monitoring.alerts()).hasSizeGreaterThan(40).allSatisfy(alert -> {
            assertThat(alert.labels().get("severity")).as(alert.name()).isIn("critical", "warning");
            assertThat(alert.annotations()).as(alert.name()).containsOnlyKeys("summary", "description", "runbook_url");
        });
        assertThat(Monitoring.alerts()).extracting(Alert::name).doesNotHaveDuplicates();
    }

    @Test
    void every_alert_has_a_chapter_in_the_runbook_and_every_such_chapter_an_alert() {
        Set<String> chapters = CHAPTER.matcher(Monitoring.read(Path.of(RUNBOOK)))
                .results()
                .map(chapter -> chapter.group(1))
                .collect(Collectors.toSet());

        assertThat(Monitoring.alerts()).extracting(Alert::name).containsExactlyInAnyOrderElementsOf(chapters);
        assertThat(Monitoring.alerts())
                .allSatisfy(alert -> assertThat(alert.annotations().get("runbook_url"))
                        .isEqualTo(RUNBOOK + "#" + alert.name().toLowerCase(Locale.ROOT)));
    }

    @Test
    void a_chapter_points_only_to_alerts_that_exist() {
        Set<String> names = Monitoring.alerts().stream().map(Alert::name).collect(Collectors.toSet());
        String runbook = Monitoring.read(Path.of(RUNBOOK));
        int begin = runbook.indexOf("## What to do for each alert");
        String chapter = runbook.substring(begin, runbook.indexOf("\n## ", begin));

        assertThat(Pattern.compile("\\bShunt[A-Z]\\w+")
                        .matcher(chapter)
                        .results()
                        .map(MatchResult::group))
                .isNotEmpty()
                .allMatch(names::contains);
    }

    @Test
    void every_alert_is_shown_firing_and_not_firing() {
        Set<String> firing = new HashSet<>();
        Set<String> quiet = new HashSet<>();
        for (Map<String, Object> one : Monitoring.cases()) {
            boolean fires = one.get("exp_alerts") instanceof List<?> expected && !expected.isEmpty();
            (fires ? firing : quiet).add(String.valueOf(one.get("alertname")));
        }

        assertThat(Monitoring.alerts()).extracting(Alert::name).allMatch(firing::contains);
        assertThat(Monitoring.alerts()).extracting(Alert::name).allMatch(quiet::contains);
    }

    @Test
    void every_series_of_shunt_that_is_asked_for_is_in_the_list_of_metrics() {
        String documented = Monitoring.read(Path.of("docs", "metrics.md"));

        for (String expression : expressions()) {
            for (PromQl.Selector asked : PromQl.selectors(expression)) {
                if (asked.metric().startsWith("shunt_")) {
                    String base = asked.metric().replaceAll("_(bucket|sum|count)$", "");
                    assertThat(documented).as(expression).contains("`" + base + "`");
                }
            }
        }
    }

    @Test
    void dashboards_can_be_provisioned_as_they_are() {
        assertThat(Monitoring.dashboards()).hasSize(4).allSatisfy(dashboard -> {
            assertThat(dashboard.path("uid").asString()).startsWith("shunt-");
            assertThat(dashboard.has("__inputs")).isFalse();
            assertThat(dashboard.path("id").isNull()).isTrue();
            assertThat(dashboard
                            .path("panels")
                            .valueStream()
                            .map(panel -> panel.path("type").asString()))
                    .isSubsetOf("row", "timeseries", "stat");
            assertThat(dashboard
                            .path("panels")
                            .valueStream()
                            .map(panel -> panel.path("id").asInt()))
                    .doesNotHaveDuplicates();
            assertThat(dashboard.findValues("datasource").stream()
                            .filter(JsonNode::isObject)
                            .map(source -> source.path("uid").asString()))
                    .isNotEmpty()
                    .containsOnly("${datasource}");
        });
    }

    @Test
    void every_variable_of_a_dashboard_is_declared_and_used() {
        for (JsonNode dashboard : Monitoring.dashboards()) {
            Set<String> declared = dashboard
                    .path("templating")
                    .path("list")
                    .valueStream()
                    .map(variable -> variable.path("name").asString())
                    .collect(Collectors.toSet());
            Set<String> used = VARIABLE.matcher(dashboard.path("panels").toString()
                            + dashboard.path("annotations").toString())
                    .results()
                    .map(variable -> variable.group(1) == null ? variable.group(2) : variable.group(1))
                    .filter(name -> !name.startsWith("__"))
                    .collect(Collectors.toSet());

            assertThat(used).as(dashboard.path("uid").asString()).isEqualTo(declared);
        }
    }

    @Test
    void an_expression_is_taken_apart_into_what_it_asks_for() {
        assertThat(PromQl.selectors("""
                sum by (workload, le) (rate(a_total{x="1",y=~"b|c"}[5m])) / on (workload) group_left () (b_total offset 1h) > 0.01
                  and on (workload) histogram_quantile(0.95, c_bucket{le="5"}) == 1 or vector(0)"""))
                .containsExactly(
                        new PromQl.Selector("a_total", Map.of("x", "1"), Set.of("x", "y")),
                        new PromQl.Selector("b_total", Map.of(), Set.of()),
                        new PromQl.Selector("c_bucket", Map.of("le", "5"), Set.of("le")));
    }

    static List<String> expressions() {
        return Stream.concat(
                        Monitoring.alerts().stream().map(Alert::expression),
                        Monitoring.queries().stream().map(Query::expression))
                .toList();
    }
}
