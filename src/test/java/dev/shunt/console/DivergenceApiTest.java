package dev.shunt.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.comparison.DivergenceLog;
import dev.shunt.comparison.GroupReports;
import dev.shunt.comparison.IgnoreRuleBook;
import dev.shunt.comparison.Reconciliations;
import dev.shunt.comparison.TestReports;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.embedded.TestBackends;
import dev.shunt.routing.TestRouters;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Divergences, ignore rules and reconciliations over real HTTP. */
class DivergenceApiTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private final Instant nextWeek = Instant.now().plus(Duration.ofDays(7));

    private static ConfigurableApplicationContext app;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({
        ApiConfiguration.class,
        DivergenceController.class,
        IgnoreRuleController.class,
        ReconciliationController.class,
        ReadParameters.class,
        ApiProblems.class,
        ApiRequests.class
    })
    static class Slice {}

    @BeforeAll
    static void start() {
        DataSource database = TestBackends.migratedDatabase();
        JdbcClient sql = JdbcClient.create(database);
        for (String span : List.of("level", "judged")) { // one that is shown, one that people judge
            sql.sql("""
                    insert into divergence (workload, kind, path, path_pattern, expected, actual, item_key, route, epoch,
                        found_by, expected_route, expected_epoch)
                    values ('trace', 'VALUE', 'spans[s1].' || :span, 'spans[].' || :span, 'a', 'b', 'p:t1:0123456789abcdef',
                        'TEMPORAL', 7, 'SHADOW', 'LEGACY', 6)
                    """).param("span", span).update();
        }
        sql.sql("""
                insert into divergence (workload, kind, path, path_pattern, item_key, found_by)
                select 'trace', 'EXTRA', 'paged[' || n || ']', 'paged[]', '', 'RECONCILIATION' from generate_series(1, 5) n
                """).update();
        ApplicationContextInitializer<GenericApplicationContext> beans = context -> {
            context.registerBean(DivergenceLog.class, () -> TestReports.log(database));
            context.registerBean(GroupReports.class, () -> TestReports.groups(database));
            context.registerBean(IgnoreRuleBook.class, () -> TestReports.rules(database));
            context.registerBean(Reconciliations.class, () -> TestReports.reconciliations(database));
            context.registerBean(WorkloadCatalog.class, () -> TestRouters.CATALOG);
            context.registerBean(Clock.class, Clock::systemUTC);
        };
        app = new SpringApplicationBuilder(Slice.class)
                .initializers(beans)
                .run(
                        "--server.port=0",
                        "--shunt.embedded.enabled=false",
                        "--management.endpoint.health.validate-group-membership=false",
                        "--spring.autoconfigure.exclude="
                                + "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration,"
                                + "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration");
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void a_divergence_is_shown_by_its_id_with_both_sides() throws Exception {
        JsonNode found = json(get("/divergences?foundBy=shadow&kind=value&state=new&item=p:t1:0123456789abcdef"
                + "&path=spans%5B%5D.level"));
        assertThat(found.size()).isEqualTo(1);
        JsonNode entry = found.get(0);
        assertThat(entry.at("/foundBy").asString()).isEqualTo("SHADOW");
        assertThat(entry.at("/expectedRoute").asString()).isEqualTo("LEGACY");
        assertThat(entry.at("/expectedEpoch").asLong()).isEqualTo(6);
        assertThat(entry.at("/state").asString()).isEqualTo("NEW");
        assertThat(entry.at("/expected").asString()).isEqualTo("a");
        assertThat(entry.at("/actual").asString()).isEqualTo("b");
        long id = entry.at("/id").asLong();
        assertThat(json(get("/divergences/" + id)).at("/path").asString()).isEqualTo("spans[s1].level");
        assertThat(get("/divergences/999999").statusCode()).isEqualTo(404);
        assertThat(json(get("/divergences?to=2020-01-01T00:00:00Z"))).isEmpty();
    }

    @Test
    void pages_follow_each_other_and_leave_nothing_out() throws Exception {
        List<String> read = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        long after = 0;
        JsonNode page;
        do {
            page = json(get("/divergences?kind=extra&limit=2&after=" + after));
            sizes.add(page.size());
            for (JsonNode entry : page) {
                assertThat(entry.at("/id").asLong()).isGreaterThan(after);
                after = entry.at("/id").asLong();
                read.add(entry.at("/path").asString());
            }
        } while (!page.isEmpty() && sizes.size() < 9);

        assertThat(sizes).containsExactly(2, 2, 1, 0);
        assertThat(read).containsExactly("paged[1]", "paged[2]", "paged[3]", "paged[4]", "paged[5]");
    }

    @Test
    void a_group_is_judged_with_name_and_reason() throws Exception {
        var judged = post("/divergences/groups/state", """
                {"workload": "trace", "kind": "VALUE", "path": "spans[].judged", "state": "ACCEPTED", "reason": "known"}
                """);
        assertThat(judged.statusCode()).as(judged.body()).isEqualTo(200);
        assertThat(json(judged).at("/stateBy").asString()).isEqualTo("anna (unverified)");
        assertThat(json(get("/divergences/groups?state=accepted")).size()).isEqualTo(1);
        assertThat(post("/divergences/groups/state", """
                {"workload": "trace", "kind": "VALUE", "path": "nowhere", "state": "SEEN", "reason": "known"}
                """).statusCode()).isEqualTo(404);
    }

    @Test
    void a_rule_is_made_listed_and_removed() throws Exception {
        var made = post("/ignore-rules", rule("spans[].status_message", nextWeek, "0.5"));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        long id = json(made).at("/id").asLong();
        assertThat(json(get("/ignore-rules")).toString()).contains("spans[].status_message");
        var removed = send(request("/ignore-rules/" + id).DELETE());
        assertThat(json(removed).at("/active").asBoolean()).isFalse();
        assertThat(json(get("/ignore-rules")).toString()).doesNotContain("spans[].status_message");
        assertThat(json(get("/ignore-rules?all=true")).toString()).contains("spans[].status_message");
        assertThat(json(get("/ignore-rules/" + id)).at("/owner").asString()).isEqualTo("ben");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/divergences?foundBy=me | foundBy must be one of",
                "/divergences?state=odd | state must be one of",
                "/divergences?hidden=maybe | hidden must be false, true or all",
                "/divergences?from=yesterday | from must be a time",
                "/divergences/groups?examples=21 | examples must be 0..20",
                "/divergences?limit=0 | limit must be 1..1000",
                "/divergences?limit=1001 | limit must be 1..1000",
                "/divergences?after=-1 | after must be 0..",
            })
    void a_wrong_parameter_is_refused_by_name(String path, String detail) throws Exception {
        assertProblem(get(path), 400, detail);
    }

    @Test
    void a_rule_without_end_owner_or_sense_is_refused() throws Exception {
        assertProblem(
                post("/ignore-rules", rule("a", nextWeek.plus(Duration.ofDays(90)), "1")), 400, "at most 90 days away");
        assertProblem(post("/ignore-rules", rule("a", nextWeek, "-1")), 400, "absoluteTolerance must be 0..");
        assertProblem(post("/ignore-rules", rule("a", nextWeek, "\"x\"")), 400, "absoluteTolerance must be a number");
        assertProblem(post("/ignore-rules", "{\"workload\": \"trace\", \"path\": \"a\"}"), 400, "expiresAt");
        assertProblem(send(request("/ignore-rules/999").DELETE()), 404, "there is no ignore rule 999");
    }

    @Test
    void a_reconciliation_that_cannot_be_is_refused_with_the_reason() throws Exception {
        assertProblem(
                post("/reconciliations", "{\"workload\": \"trace\", \"repair\": \"maybe\"}"), 400, "repair must be");
        assertProblem(
                post("/reconciliations", "{\"workload\": \"trace\", \"repair\": \"apply\"}"),
                409,
                "needs a finished dry run");
        assertProblem(
                post(
                        "/reconciliations",
                        "{\"workload\": \"trace\", \"from\": \"2026-01-02T00:00:00Z\","
                                + " \"to\": \"2026-01-01T00:00:00Z\"}"),
                400,
                "must be before to");
        assertProblem(post("/reconciliations", "{\"workload\": \"trace\"}"), 409, "can run on this instance");
        assertProblem(get("/reconciliations/1"), 404, "there is no reconciliation 1");
        assertThat(json(get("/reconciliations"))).isEmpty();
    }

    private static String rule(String path, Instant expires, String absolute) {
        return "{\"workload\": \"trace\", \"path\": \"" + path + "\", \"kind\": \"VALUE\", \"absoluteTolerance\": "
                + absolute + ", \"reason\": \"rounded there\", \"owner\": \"ben\", \"expiresAt\": \"" + expires + "\"}";
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String detail) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(json(answer).at("/detail").asString()).contains(detail);
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    private static HttpRequest.Builder request(String path) {
        int port = app.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1" + path))
                .header("X-Shunt-Actor", "anna");
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }
}
