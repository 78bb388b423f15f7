package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.bridge.Client.Answer;
import dev.shunt.embedded.TestBackends;
import io.lettuce.core.RedisClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A rollout that is completed by its check list does without Redis, and says so when something needs it again. */
class RetirementTest extends RetirementSuite {

    @Test
    void a_completed_rollout_does_without_redis_also_after_a_restart() throws Exception {
        retire();
        assertNothingWasPassedOver();
        assertSaidWhenSomethingComesIntoRedisAgain();
        redis.stop();
        send("gone", 40);
        assertStoredOnce("gone", 40);
        assertNothingCanGoToLegacy();
        service.close();
        service = start(TestBackends.temporalAddress());
        client().awaitBothRoutes();
        send("again", 20);
        assertStoredOnce("again", 20);
        assertGreen();
    }

    /** An override would be in the history, with what it passed over. */
    private void assertNothingWasPassedOver() {
        JsonNode completion = client().get(ROLLOUT + "/history?limit=20")
                .json()
                .valueStream()
                .filter(entry -> entry.path("what").asString("").equals("COMPLETE"))
                .findFirst()
                .orElseThrow();
        assertThat(completion.path("reason").asString()).isEqualTo("the test retires it");
        assertThat(completion.path("detail").isMissingNode()).as("%s", completion).isTrue();
        JsonNode verdict = client().get(
                        "/api/v1/verdicts/" + completion.path("verdict").asString())
                .json();
        assertThat(verdict.path("outcome").asString()).as("%s", verdict).isEqualTo("PASS");
    }

    /** A producer that nobody thought of pushes to the list, once a month. */
    private void assertSaidWhenSomethingComesIntoRedisAgain() {
        client().post("/api/v1/instance/consumers/trace/pause", "");
        var lettuce = RedisClient.create(redis.url());
        var pushed = new AtomicInteger();
        try (var connection = lettuce.connect()) {
            await().atMost(SOON).untilAsserted(() -> {
                // a fetch that was under way when they were paused may take some
                connection.sync().lpush("cognobserve:traces", pushedMessage("late-" + pushed.getAndIncrement()));
                JsonNode said = client().get(ROLLOUT + "/retirement").json();
                assertThat(said.path("redisNeeded").asBoolean()).isTrue();
                assertThat(said.path("waitingFor").path(0).asString())
                        .contains("in Redis again", "messages in the list");
                assertThat(returned()).isPositive();
            });
        } finally {
            lettuce.shutdown();
        }
        client().post("/api/v1/instance/consumers/trace/resume", "");
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(client().get(ROLLOUT + "/retirement")
                            .json()
                            .path("redisNeeded")
                            .asBoolean(true))
                    .isFalse();
            assertThat(returned()).isZero();
        });
        assertThat(count("select count(*) from ledger where state = 'DONE' and subject like 'late-%'"))
                .isEqualTo(pushed.get());
    }

    private String pushedMessage(String id) {
        return "{\"ID\":\"" + id + "-" + test + "\",\"ProjectID\":\"p\",\"Name\":\"n\","
                + "\"Timestamp\":\"2026-01-01T00:00:00Z\",\"Spans\":[]}";
    }

    private double returned() {
        return service.getBean(MeterRegistry.class)
                .get("shunt.retirement.returned")
                .gauge()
                .value();
    }

    private void assertNothingCanGoToLegacy() {
        Answer rollback = client().post(ROLLOUT + "/rollback", "");
        assertThat(rollback.status()).isEqualTo(409);
        assertThat(rollback.text("detail")).contains("is completed and Redis is away", "start a Redis");
        assertThat(client().post(ROLLOUT + "/percentage", "{\"percentage\": 50, \"reason\": \"half\"}", "If-Match", "*")
                        .text("detail"))
                .contains("no legacy route to go back to");
        Answer rehearsal = client().post(ROLLOUT + "/rehearsal", "{\"reason\": \"weekly\"}", "If-Match", "*");
        Answer off =
                client().post(ROLLOUT + "/percentage", "{\"percentage\": 0, \"reason\": \"off\"}", "If-Match", "*");
        assertThat(List.of(rehearsal, off)).allSatisfy(refused -> {
            assertThat(refused.status()).as(refused.body()).isEqualTo(409);
            assertThat(refused.text("detail")).isEqualTo(rollback.text("detail"));
        });
        assertThat(client().get(ROLLOUT).json().path("percentage").asInt()).isEqualTo(100);
        assertThat(step("start").text("detail")).contains("no legacy route to go back to");
        assertThat(step("promote").text("detail")).contains("cannot promote from COMPLETED");
        assertThat(client().trace(body("still")).text("route")).isEqualTo("TEMPORAL");
        assertStoredOnce("still", 1);
    }
}
