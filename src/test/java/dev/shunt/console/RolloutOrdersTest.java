package dev.shunt.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.comparison.GateOutcome;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Orders over HTTP: which version they are for, who is first, what stands against them, and that none is done twice. */
class RolloutOrdersTest extends RolloutApiSuite {

    @Test
    void two_operators_at_the_same_moment_one_is_taken_and_the_other_told_of_it() throws Exception {
        for (String round : List.of("1", "2", "3", "4", "5")) {
            String seen = get("/trace").headers().firstValue("ETag").orElseThrow();
            var together = new CyclicBarrier(2);
            HttpResponse<String> alices;
            HttpResponse<String> bobs;
            try (var operators = Executors.newFixedThreadPool(2)) {
                var alice = operators.submit(() -> race(together, seen, "alice", "1" + round));
                var bob = operators.submit(() -> race(together, seen, "bob", "2" + round));
                alices = alice.get();
                bobs = bob.get();
            }
            assertThat(List.of(alices.statusCode(), bobs.statusCode())).containsExactlyInAnyOrder(200, 412);
            boolean aliceWins = alices.statusCode() == 200;
            String winner = aliceWins ? "alice" : "bob";
            HttpResponse<String> late = aliceWins ? bobs : alices;
            assertProblem(late, 412, "somebody was first: " + winner + " (unverified) changed");
            assertThat(json(late).at("/change/reason").asString()).isEqualTo("decided by " + winner);
            assertThat(json(get("/trace")).at("/reason").asString()).isEqualTo("decided by " + winner);
        }
    }

    private static HttpResponse<String> race(CyclicBarrier together, String seen, String who, String percentage)
            throws Exception {
        together.await(10, TimeUnit.SECONDS);
        return post(
                "/trace/percentage",
                "{\"percentage\": " + percentage + ", \"override\": true, \"reason\": \"decided by " + who + "\"}",
                "If-Match",
                seen,
                "X-Shunt-Actor",
                who);
    }

    @Test
    void who_does_not_obey_a_change_is_named_in_its_answer() throws Exception {
        sql.sql("insert into flag_acknowledgement values ('asleep', 'trace', 1, false, 600000, clock_timestamp())")
                .update();
        try {
            var changed = post(
                    "/trace/percentage",
                    "{\"percentage\": 7, \"override\": true, \"reason\": \"seen by who is awake\"}");
            assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
            assertThat(json(changed).at("/laggards")).hasSize(1);
            assertThat(json(changed).at("/laggards/0").toString()).contains("asleep");
            JsonNode back = json(post("/trace/rollback", "{}"));
            assertThat(back.at("/laggards").toString()).contains("asleep");
            assertThat(back.at("/complete").asBoolean(true)).isFalse();
        } finally {
            sql.sql("delete from flag_acknowledgement where instance = 'asleep'")
                    .update();
        }
    }

    @Test
    void a_promotion_is_refused_with_the_failing_gate_in_words_and_overridden_in_writing() throws Exception {
        assertThat(post("/trace/start", "{\"reason\": \"gates are looked at\", \"override\": true}")
                        .statusCode())
                .isEqualTo(200);
        instance.gates().say("tail", GateOutcome.FAIL);
        instance.gates().say("errors", GateOutcome.NO_DATA);
        try {
            var refused = post("/trace/promote", "{\"reason\": \"go\"}");
            assertProblem(refused, 409, "gate tail FAIL: as told");
            assertThat(json(refused).at("/detail").asString())
                    .contains("gate errors NO_DATA: as told", "send override: true");
            assertThat(json(refused).at("/overridable").asBoolean()).isTrue();
            assertThat(json(get("/trace")).at("/phase").asString()).isEqualTo("ten");
            assertThat(post("/trace/promote", "{\"reason\": \"known, the disks are slow\", \"override\": true}")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(json(get("/trace/history?limit=1")).at("/0/detail").asString())
                    .contains("overridden: ", "gate tail FAIL: as told");
        } finally {
            instance.gates().say("tail", GateOutcome.PASS);
            instance.gates().say("errors", GateOutcome.PASS);
            post("/trace/rollback", "{}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "promote", "hold", "resume", "complete", "percentage", "pin", "recall"})
    void an_order_without_a_version_is_refused_before_anything_is_done(String order) throws Exception {
        String body = switch (order) {
            case "percentage" -> "{\"percentage\": 1, \"reason\": \"no version\"}";
            case "pin" ->
                "{\"project\": \"acme\", \"route\": \"legacy\", \"until\": \""
                        + java.time.Instant.now().plusSeconds(3_600) + "\", \"reason\": \"no version\"}";
            default -> "{\"reason\": \"no version\"}";
        };
        long epoch = json(get("/trace")).at("/epoch").asLong();
        var missing = send(HttpRequest.newBuilder(uri(open, "/trace/" + order))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
        assertProblem(missing, 428, "If-Match: \"" + epoch + "\"");
        assertThat(json(missing).at("/epoch").asLong()).isEqualTo(epoch);
        assertThat(json(get("/trace")).at("/epoch").asLong()).isEqualTo(epoch);
    }

    @Test
    void a_recall_is_for_the_version_that_its_operator_has_seen_and_follows_a_rollback_at_once() throws Exception {
        String seen = get("/trace").headers().firstValue("ETag").orElseThrow();
        assertThat(post(
                                "/trace/percentage",
                                "{\"percentage\": 5, \"override\": true, \"reason\": \"found and fixed\"}",
                                "X-Shunt-Actor",
                                "bob")
                        .statusCode())
                .isEqualTo(200);
        int before = json(post("/trace/recall", "{}")).at("/moved").asInt();

        var late = post("/trace/recall", "{}", "If-Match", seen);
        assertProblem(late, 412, "somebody was first: bob (unverified) changed");
        assertThat(json(late).at("/change/reason").asString()).isEqualTo("found and fixed");
        assertProblem(post("/trace/recall", "{}", "If-Match", "seven"), 400, "If-Match must be");
        assertProblem(post("/trace/recall", "{}", "If-Match", ""), 428, "If-Match: ");

        String now = post("/trace/rollback", "{}").headers().firstValue("ETag").orElseThrow();
        assertThat(now).isNotEqualTo(seen);
        var recalled = post("/trace/recall", "{}", "If-Match", now);
        assertThat(recalled.statusCode()).as(recalled.body()).isEqualTo(200);
        assertThat(json(recalled).at("/moved").asInt())
                .as("what was refused recalled nothing")
                .isEqualTo(before + 1);
    }

    @Test
    void an_order_whose_key_is_being_carried_out_is_not_carried_out_twice() throws Exception {
        String order = "{\"percentage\": 8, \"override\": true, \"reason\": \"carried out slowly\"}";
        assertThat(post("/trace/percentage", order, "Idempotency-Key", "busy").statusCode())
                .isEqualTo(200);
        long epoch = json(get("/trace")).at("/epoch").asLong();
        // as if its instance had not answered yet
        sql.sql("update idempotency_key set status = null, headers = null, body = null, begun_at = clock_timestamp()"
                        + " where key = 'busy'")
                .update();
        assertProblem(post("/trace/percentage", order, "Idempotency-Key", "busy"), 409, "is being carried out");
        assertThat(json(get("/trace")).at("/epoch").asLong()).isEqualTo(epoch);
        sql.sql("update idempotency_key set begun_at = begun_at - interval '61 seconds' where key = 'busy'")
                .update();
        assertThat(post("/trace/percentage", order, "Idempotency-Key", "busy").statusCode())
                .as("whoever had it is dead")
                .isEqualTo(200);
    }
}
