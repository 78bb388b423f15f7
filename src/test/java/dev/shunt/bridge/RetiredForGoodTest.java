package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.bridge.Client.Answer;
import dev.shunt.embedded.TestBackends;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A completed rollout lives on Temporal alone, also where that is away; with a Redis there is a way back. */
@Tag("slow")
class RetiredForGoodTest extends RetirementSuite {

    @Test
    void a_thousand_traces_pass_without_redis_and_are_refused_only_without_temporal() throws Exception {
        retire();
        redis.stop();
        send("gone", 1_000);
        assertStoredOnce("gone", 1_000);
        assertGreen();
        service.close();

        service = start("127.0.0.1:1");
        Answer refused = client().trace(body("nowhere"));
        assertThat(refused.status()).as(refused.body()).isEqualTo(503);
        assertThat(refused.response().headers().firstValueAsLong("Retry-After").orElse(0))
                .isPositive();
        assertThat(client().get("/actuator/health/readiness").status()).isEqualTo(503);
        assertThat(count("select count(*) from stand_in")).isZero();
        service.close();

        service = start(TestBackends.temporalAddress());
        client().awaitBothRoutes();
        assertThat(client().trace(body("nowhere")).text("route")).isEqualTo("TEMPORAL");
        assertStoredOnce("nowhere", 1);
        redis.start();
        assertBackToLegacy();
    }

    private void assertBackToLegacy() {
        await().atMost(SOON)
                .until(() -> client().post(ROLLOUT + "/rollback", "{\"reason\": \"back\"}")
                                .status()
                        == 200);
        JsonNode last = client().get(ROLLOUT).json();
        assertThat(last.path("state").asString()).isEqualTo("ROLLED_BACK");
        assertThat(client().get(ROLLOUT + "/retirement")
                        .json()
                        .path("redisNeeded")
                        .asBoolean())
                .isTrue();
        assertThat(client().trace(body("legacy")).text("route")).isEqualTo("LEGACY");
        assertStoredOnce("legacy", 1);
    }
}
