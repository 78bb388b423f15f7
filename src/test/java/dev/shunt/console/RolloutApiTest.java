package dev.shunt.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** The control API over real HTTP, on real Postgres. */
class RolloutApiTest extends RolloutApiSuite {

    private static final String TOKEN = "a-token-for-this-test";

    private static ConfigurableApplicationContext guarded;

    @BeforeAll
    static void startGuarded() {
        guarded = ControlSlice.run(instance, Map.of("shunt.api.token", TOKEN));
    }

    @AfterAll
    static void stopGuarded() {
        guarded.close();
    }

    @Test
    void a_change_is_answered_shown_and_remembered() throws Exception {
        var changed = post(
                "/trace/percentage",
                "{\"percentage\": 12.34, \"override\": true, \"reason\": \"first step\"}",
                "X-Shunt-Actor",
                "alice");
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(json(changed).at("/laggards")).isEmpty();
        JsonNode shown = json(get("/trace"));
        assertThat(shown.at("/workload").asString()).isEqualTo("trace");
        assertThat(shown.at("/percentage").decimalValue()).isEqualByComparingTo("12.34");
        assertThat(shown.at("/enabled").asBoolean()).isTrue();
        assertThat(shown.at("/epoch").asLong())
                .isEqualTo(json(changed).at("/epoch").asLong());
        assertThat(shown.at("/changedBy").asString()).isEqualTo("alice (unverified)");
        assertThat(shown.at("/reason").asString()).isEqualTo("first step");
        assertThat(shown.at("/instances/0/id").asString()).isEqualTo("one");
        assertThat(shown.at("/instances/0/obeys").asBoolean()).isTrue();
        assertThat(shown.at("/instances/0/live").asBoolean()).isTrue();
        assertThat(shown.at("/inFlight").asLong()).isZero();
        assertThat(shown.at("/orderPending").asBoolean()).isFalse();
        JsonNode newest = json(get("/trace/history?limit=1")).get(0);
        assertThat(newest.at("/what").asString()).isEqualTo("PERCENTAGE");
        assertThat(newest.at("/to/percentage").decimalValue()).isEqualByComparingTo("12.34");
        assertThat(newest.at("/changedBy").asString()).isEqualTo("alice (unverified)");
    }

    @Test
    void a_rollback_needs_no_body() throws Exception {
        var answer = send(HttpRequest.newBuilder(uri(open, "/trace/rollback")).POST(BodyPublishers.noBody()));
        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode rolledBack = json(answer);
        assertThat(rolledBack.at("/complete").asBoolean()).isTrue();
        assertThat(rolledBack.at("/recorded").asBoolean()).isTrue();
        assertThat(rolledBack.at("/stoppedAt").asString()).isNotBlank();
        assertThat(json(get("/trace/history?limit=1")).at("/0/changedBy").asString())
                .isEqualTo("unknown (unverified)");
        assertThat(json(post("/trace/rollback", "{\"reason\": \"typed\"}"))
                        .at("/epoch")
                        .asLong())
                .isPositive();
        assertThat(json(get("/trace")).at("/reason").asString()).isEqualTo("typed");
    }

    @Test
    void two_operators_at_once_one_is_told_of_the_others_change() throws Exception {
        String seen = get("/trace").headers().firstValue("ETag").orElseThrow();
        assertThat(post(
                                "/trace/percentage",
                                "{\"percentage\": 3, \"override\": true, \"reason\": \"bob's own reason\"}",
                                "If-Match",
                                seen,
                                "X-Shunt-Actor",
                                "bob")
                        .statusCode())
                .isEqualTo(200);
        var second = post("/trace/percentage", "{\"percentage\": 4, \"reason\": \"late\"}", "If-Match", seen);
        assertProblem(second, 412, "somebody was first: bob (unverified) changed");
        assertThat(json(second).at("/change/reason").asString()).isEqualTo("bob's own reason");
        assertThat(json(second).at("/change/to/percentage").decimalValue()).isEqualByComparingTo("3");
        assertThat(json(second).at("/epoch").asLong())
                .isEqualTo(json(get("/trace")).at("/epoch").asLong());
    }

    @Test
    void an_order_says_which_version_it_is_for() throws Exception {
        var missing = post("/trace/percentage", "{\"percentage\": 4, \"reason\": \"r\"}", "If-Match", "");
        long epoch = json(get("/trace")).at("/epoch").asLong();
        assertProblem(missing, 428, "If-Match: \"" + epoch + "\"");
        assertThat(json(missing).at("/epoch").asLong()).isEqualTo(epoch);
        assertProblem(post("/trace/start", "{\"reason\": \"r\"}", "If-Match", "seven"), 400, "If-Match must be");
    }

    @Test
    void an_order_with_a_key_is_carried_out_once() throws Exception {
        String order = "{\"percentage\": 5, \"override\": true, \"reason\": \"with a key\"}";
        var first = post("/trace/percentage", order, "Idempotency-Key", "key-1");
        var again = post("/trace/percentage", order, "Idempotency-Key", "key-1");
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Idempotency-Replayed")).hasValue("true");
        assertThat(again.headers().firstValue("ETag")).isEqualTo(first.headers().firstValue("ETag"));
        assertProblem(
                post("/trace/percentage", "{\"percentage\": 6, \"reason\": \"other\"}", "Idempotency-Key", "key-1"),
                422,
                "came with another order");
        assertProblem(post("/trace/rollback", "{}", "Idempotency-Key", "with space"), 400, "visible ASCII");
    }

    @Test
    void an_order_for_another_version_under_the_same_key_is_another_order() throws Exception {
        String order = "{\"percentage\": 5, \"override\": true, \"reason\": \"decided on an old page\"}";
        assertProblem(post("/trace/percentage", order, "Idempotency-Key", "key-2", "If-Match", "\"999999\""), 412, "");
        String seen = get("/trace").headers().firstValue("ETag").orElseThrow();
        assertProblem(
                post("/trace/percentage", order, "Idempotency-Key", "key-2", "If-Match", seen),
                422,
                "came with another order");
    }

    @Test
    void the_steps_of_a_rollout_are_answered_and_an_illegal_one_names_both_ends() throws Exception {
        assertThat(post("/trace/start", "{\"reason\": \"monday, all here\", \"override\": true}")
                        .statusCode())
                .isEqualTo(200);
        JsonNode shown = json(get("/trace"));
        assertThat(shown.at("/state").asString()).isEqualTo("RUNNING");
        assertThat(shown.at("/phase").asString()).isEqualTo("ten");
        assertThat(shown.at("/plan/phases/1/percentage").decimalValue()).isEqualByComparingTo("50");
        assertThat(json(get("/trace/verdict")).at("/gates/0/words").asString()).isEqualTo("as told");
        assertProblem(post("/trace/percentage", "{\"percentage\": 11, \"reason\": \"r\"}"), 409, "which is 10 %");
        assertThat(post("/trace/hold", "{\"reason\": \"lunch\"}").statusCode()).isEqualTo(200);
        assertProblem(
                post("/trace/promote", "{\"reason\": \"r\"}"),
                409,
                "cannot promote from HELD to the next phase: resume it first");
        assertProblem(
                post("/trace/promote", "{\"reason\": \"short\", \"override\": true}"), 400, "at least 10 characters");
        assertThat(post("/trace/resume", "{\"reason\": \"back\"}").statusCode()).isEqualTo(200);
        assertThat(post("/trace/promote", "{\"reason\": \"all pass\"}").statusCode())
                .isEqualTo(200);
        assertThat(json(get("/trace")).at("/percentage").decimalValue()).isEqualByComparingTo("50");
        post("/trace/rollback", "{\"reason\": \"enough\"}");
        JsonNode story = json(get("/trace/history?limit=4"));
        assertThat(story.at("/0/what").asString()).isEqualTo("ROLLBACK");
        assertThat(story.at("/0/to/state").asString()).isEqualTo("ROLLED_BACK");
        assertThat(story.at("/1/kind").asString()).isEqualTo("FLAG");
        assertThat(story.at("/2/what").asString()).isEqualTo("PROMOTE");
        JsonNode older = json(
                get("/trace/history?limit=2&before=" + story.at("/1/cursor").asString()));
        assertThat(older.get(0)).isEqualTo(story.get(2));
        assertThat(older.get(1)).isEqualTo(story.get(3));
    }

    @Test
    void without_the_token_every_operation_that_is_described_answers_401_as_described() throws Exception {
        JsonNode document = JSON.readTree(send(described("/openapi.json", "GET").header("Authorization", "Bearer " + TOKEN))
                .body());
        var description = new Description(document);
        for (var path : document.path("paths").properties()) {
            for (String method : path.getValue().propertyNames()) {
                var answer = send(described(path.getKey().substring("/api/v1".length()), method.toUpperCase(Locale.ROOT)));
                assertProblem(answer, 401, "Authorization");
                description.see(method, path.getKey(), answer, answer.body());
            }
        }
        assertThat(description.faults()).isEmpty();
        assertThat(description.answersNotSeen())
                .hasSizeGreaterThan(40)
                .noneMatch(left -> left.endsWith(" 401"));
    }

    private static HttpRequest.Builder described(String path, String method) {
        String address = uri(guarded, "").toString().replace("/rollouts", path).replaceAll("[{}]", "");
        return HttpRequest.newBuilder(URI.create(address)).method(method, BodyPublishers.noBody());
    }

    @Test
    void a_pin_is_set_shown_and_taken_back() throws Exception {
        String until = java.time.Instant.now().plusSeconds(3_600).toString();
        assertThat(post(
                                "/trace/pin",
                                "{\"project\": \"acme\", \"route\": \"legacy\", \"until\": \"" + until
                                        + "\", \"reason\": \"they asked\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(json(get("/trace/pins")).at("/0/project").asString()).isEqualTo("acme");
        assertThat(json(get("/trace")).at("/pins").asInt()).isEqualTo(1);
        assertThat(post("/trace/pin", "{\"project\": \"acme\", \"release\": true, \"reason\": \"done\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(json(get("/trace/pins"))).isEmpty();
        assertProblem(post("/trace/pin", "{\"route\": \"legacy\", \"reason\": \"r\"}"), 400, "project or key");
        assertProblem(
                post(
                        "/trace/pin",
                        "{\"key\": \"a:b\", \"route\": \"legacy\", \"until\": \"2020-01-01T00:00:00Z\", \"reason\": \"r\"}"),
                409,
                "until must be after now");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"percentage\": 101, \"reason\": \"r\"}    | percentage must be 0..100",
                "{\"percentage\": -0.01, \"reason\": \"r\"}  | percentage must be 0..100",
                "{\"percentage\": 1e999, \"reason\": \"r\"}  | percentage must be 0..100",
                "{\"percentage\": 1.005, \"reason\": \"r\"}  | percentage must have at most two decimals",
                "{\"percentage\": \"10\", \"reason\": \"r\"} | percentage must be a number",
                "{\"reason\": \"r\"}                         | percentage must be a number 0..100, was missing",
                "{\"percentage\": 10}                        | reason must say why",
                "{\"percentage\": 10, \"reason\": \" \"}     | reason must say why",
                "{\"percentage\": 10, \"reason\": \"a\\u0000\"} | reason must say why",
                "{\"percentage\": 10, \"reason\": 7}         | reason must say why",
                "{\"percentage\": 10, \"reasn\": \"r\"}      | reasn is not known",
                "{\"percentage\": 10, \"reason\": \"r\", \"override\": 1} | override must be true or false",
                "{\"percentage\":                            | the body must be one JSON object",
                "[1]                                         | the body must be one JSON object",
            })
    void a_wrong_request_is_refused_naming_its_field(String body, String detail) throws Exception {
        assertProblem(post("/trace/percentage", body), 400, detail);
    }

    @Test
    void an_actor_that_is_too_long_is_refused() throws Exception {
        var answer = post("/trace/rollback", "{}", "X-Shunt-Actor", "a".repeat(129));
        assertProblem(answer, 400, "X-Shunt-Actor");
    }

    @Test
    void what_is_not_there_is_a_problem_detail_too() throws Exception {
        assertProblem(get("/score"), 404, "no such workload; known: [trace]");
        assertProblem(get("/trace/percentage"), 405, "");
        assertProblem(get("/trace/nothing/at/all"), 404, "");
        assertProblem(get("/trace/history?limit=0"), 400, "limit");
        assertProblem(get("/trace/history?limit=x"), 400, "limit");
    }

    @Test
    void without_a_token_only_requests_meant_for_this_machine_are_answered() throws Exception {
        assertThat(get("/trace").statusCode()).isEqualTo(200);
        assertProblem(get("/trace", "X-Forwarded-For", "203.0.113.7"), 403, "this machine only");
        assertProblem(get("/trace", "Sec-Fetch-Site", "cross-site"), 403, "this machine only");
    }

    @Test
    void with_a_token_nobody_is_answered_without_it() throws Exception {
        assertProblem(send(HttpRequest.newBuilder(uri(guarded, "/trace"))), 401, "Authorization");
        assertProblem(
                send(HttpRequest.newBuilder(uri(guarded, "/trace")).header("Authorization", "Bearer no")), 401, "");
        assertThat(send(HttpRequest.newBuilder(uri(guarded, "/trace"))
                                .header("Authorization", "Bearer " + TOKEN)
                                .header("X-Forwarded-For", "203.0.113.7"))
                        .statusCode())
                .isEqualTo(200);
    }
}
