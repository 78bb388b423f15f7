package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Preflight, probe, rehearsal and the proof of a rollback, in the whole service. */
class RolloutProofTest extends BridgeSuite {

    private static final String ROLLOUT = "/api/v1/rollouts/trace";

    @Test
    void a_preflight_has_a_line_for_everything_and_says_what_it_saw() {
        send("preflight", "{\"name\":\"n\",\"metadata\":{\"large\":\"" + "x".repeat(300_000) + "\"}}");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(line(preflight(), "sizes of recent items")
                                .path("words")
                                .asString(""))
                        .contains("1 over 262144 bytes, would travel as references (preflight 1)"));
        JsonNode answer = preflight();
        assertThat(line(answer, "clock of Redis").path("result").asString()).isEqualTo("PASS");
        assertThat(line(answer, "clock of Postgres").path("result").asString()).isEqualTo("PASS");
        assertThat(line(answer, "schema of the store").path("result").asString())
                .as("%s", line(answer, "schema of the store"))
                .isEqualTo("PASS");
        assertThat(line(answer, "agreement of instances").path("words").asString())
                .contains("1 live instances obey epoch");
        assertThat(line(answer, "durability of Redis").path("words").asString()).isNotBlank();
        assertThat(line(answer, "no other consumer on the queue").path("result").asString())
                .isEqualTo("PASS");
        assertThat(line(answer, "conservation").path("result").asString()).isNotEqualTo("FAIL");
        assertThat(line(answer, "Temporal and its namespace").path("words").asString())
                .isNotBlank();
        assertThat(line(answer, "workers on the task queue").path("words").asString())
                .isNotBlank();
        assertThat(client().get(ROLLOUT + "/preflight").status()).isEqualTo(405);
    }

    @Test
    void a_probe_takes_both_routes_and_nobody_ever_sees_it() {
        long before = count("ledger") + count("trace") + count("daily_cost_summary");
        JsonNode probe = client().post(ROLLOUT + "/probe", "").json();
        assertThat(probe.path("result").asString()).as("%s", probe).isEqualTo("SAME");
        assertThat(probe.path("routes")).hasSize(2);
        assertThat(probe.at("/routes/1/stageMillis/processed").asDouble()).isPositive();
        assertThat(count("ledger") + count("trace") + count("daily_cost_summary"))
                .isEqualTo(before);
        assertThat(sql.sql("select count(*) from shunt_shadow.trace")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void a_rehearsal_needs_the_epoch_and_comes_back_to_the_percentage_of_before() {
        client().percentage(25);
        assertThat(client().post(ROLLOUT + "/rehearsal", "{}").status()).isEqualTo(428);
        assertThat(client().post(ROLLOUT + "/rehearsal", "{}", "If-Match", "\"1\"")
                        .status())
                .isEqualTo(412);
        long epoch = client().get(ROLLOUT).json().path("epoch").asLong();
        JsonNode done = client().post(
                        ROLLOUT + "/rehearsal", "{\"reason\": \"weekly\"}", "If-Match", "\"" + epoch + "\"")
                .json();
        assertThat(done.path("outcome").asString()).as("%s", done).isEqualTo("PASSED");
        assertThat(done.path("flipToObeyedMillis").asLong(-1)).isNotNegative();
        assertThat(client().get(ROLLOUT).json().path("percentage").asDouble()).isEqualTo(25.0);
        assertThat(client().get(ROLLOUT + "/rehearsals")
                        .json()
                        .get(0)
                        .path("id")
                        .asString())
                .isEqualTo(done.path("id").asString());
    }

    @Test
    void a_rollback_can_be_followed_until_it_is_complete() {
        client().percentage(100);
        assertThat(send("proof", "{\"name\":\"n\"}").text("route")).isEqualTo("TEMPORAL");
        JsonNode answer = client().post(ROLLOUT + "/rollback", "{\"reason\": \"test\", \"inFlight\": \"recall\"}")
                .json();
        String id = answer.path("id").asString();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(client().get(ROLLOUT + "/rollback")
                                .json()
                                .path("complete")
                                .asBoolean())
                        .isTrue());
        JsonNode proof = client().get(ROLLOUT + "/rollbacks/" + id).json();
        assertThat(proof.path("words").asString()).startsWith("complete at ");
        assertThat(proof.at("/instances/0/state").asString()).isEqualTo("OBEYS");
        assertThat(proof.at("/instances/0/acknowledgedAt").asString()).isNotBlank();
        assertThat(proof.at("/inFlight/policy").asString()).isEqualTo("recall");
        assertThat(client().get(ROLLOUT + "/rollbacks/none").status()).isEqualTo(404);
        assertThat(client().post(ROLLOUT + "/rollback", "{\"inFlight\": \"drop\"}")
                        .status())
                .isEqualTo(400);
    }

    private JsonNode preflight() {
        return client().post(ROLLOUT + "/preflight", "").json();
    }

    private static JsonNode line(JsonNode answer, String subject) {
        for (JsonNode line : answer.path("lines")) {
            if (line.path("subject").asString().equals(subject)) {
                return line;
            }
        }
        throw new AssertionError("no line '" + subject + "' in " + answer);
    }

    private long count(String table) {
        return sql.sql("select count(*) from " + table).query(Long.class).single();
    }
}
