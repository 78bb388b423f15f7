package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Items that are processed a second time with their effects kept apart: where nothing is wrong, both runs agree. */
@TestPropertySource(properties = {"shunt.data=target/shadow", "shunt.shadow.timeout=12s"})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ShadowPairsTest extends ShadowSuite {

    private static final Path SAMPLES = Path.of("src/main/resources/demo/requests.jsonl");

    @Test
    @Order(1)
    void nothing_is_processed_twice_before_somebody_orders_it() {
        JsonNode shown = client().get("/api/v1/shadow/trace").json();
        assertThat(shown.path("active").asBoolean(true)).isFalse();

        send("quiet", "{\"name\":\"n\"}");
        awaitDone("quiet", 1);

        assertThat(pairs().path("sampled").asLong(-1)).isZero();
        assertThat(sql.sql("select to_regnamespace('shunt_shadow')::text")
                        .query(String.class)
                        .optional())
                .isEmpty();
    }

    @Test
    @Order(2)
    void at_fifty_percent_all_pairs_are_equal_whichever_route_is_the_primary() throws IOException {
        client().percentage(50);
        order(100, "OTHER_ROUTE");
        List<String> bodies = new ArrayList<>(Files.readAllLines(SAMPLES));
        for (int trace = 0; trace < 12; trace++) {
            for (String span : List.of("a", "b", "b2", "c")) {
                bodies.add(fragment(trace, span));
            }
        }
        bodies.forEach(body -> send("pairs", body));
        long items = awaitAllDone("pairs");

        JsonNode pairs = awaitPairs(items);
        assertThat(divergences()).isEmpty();
        assertThat(pairs.path("differing").asLong()).isZero();
        assertThat(pairs.path("compared").asLong()).as("%s", pairs).isEqualTo(items);
        assertThat(pairs.path("upperBound").asDouble()).isBetween(0.0, 3.1 / items);
        assertThat(comparedOf(pairs, "LEGACY", "TEMPORAL")).isPositive();
        assertThat(comparedOf(pairs, "TEMPORAL", "LEGACY")).isPositive();
        nothingIsPrivateAnyMore();
        assertThat(sql.sql("select count(*) from ledger where project_id like '~%'")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void each_route_agrees_with_itself() throws IOException {
        long before = comparedOf(pairs(), "LEGACY", "LEGACY");
        order(100, "SAME_ROUTE");
        List<String> bodies = Files.readAllLines(SAMPLES).subList(0, 60);
        bodies.forEach(body -> send("same-legacy", body));
        long onLegacy = awaitAllDone("same-legacy");
        client().percentage(100);
        bodies.forEach(body -> send("same-temporal", body));
        long onTemporal = awaitAllDone("same-temporal");

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(comparedOf(pairs(), "LEGACY", "LEGACY") - before).isEqualTo(onLegacy);
            assertThat(comparedOf(pairs(), "TEMPORAL", "TEMPORAL")).isEqualTo(onTemporal);
        });
        assertThat(divergences()).isEmpty();
    }

    @Test
    void what_is_too_large_is_shed() {
        long shed = pairs().path("shed").asLong();
        order(100, "OTHER_ROUTE");
        send("large", "{\"name\":\"n\",\"metadata\":{\"text\":\"" + "x".repeat(1_100_000) + "\"}}");
        awaitDone("large", 1);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(pairs().path("shed").asLong()).isEqualTo(shed + 1));
    }

    @Test
    void a_rollback_suspends_it_until_a_person_orders_it_again() {
        order(100, "OTHER_ROUTE");

        client().post("/api/v1/rollouts/trace/rollback", "{\"reason\":\"rehearsal\"}");

        JsonNode shown = client().get("/api/v1/shadow/trace").json();
        assertThat(shown.path("suspended").asBoolean()).isTrue();
        assertThat(shown.path("active").asBoolean(true)).isFalse();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(sql.sql(
                                        "select suspended from shadow_setting where workload = 'trace' order by id desc limit 1")
                                .query(Boolean.class)
                                .single())
                        .isTrue());
        assertThat(order(10, "OTHER_ROUTE").path("active").asBoolean()).isTrue();
    }

    @Test
    void an_order_that_makes_no_sense_is_refused_by_name() {
        assertThat(client().post("/api/v1/shadow/trace", "{\"percentage\":101,\"reason\":\"r\"}")
                        .body())
                .contains("percentage must be 0..100");
        assertThat(client().post("/api/v1/shadow/trace", "{\"percentage\":1,\"reason\":\"r\",\"mode\":\"BOTH\"}")
                        .body())
                .contains("mode must be one of");
        assertThat(client().post("/api/v1/shadow/trace", "{\"percentage\":1}").body())
                .contains("reason must say why");
    }

    private static long comparedOf(JsonNode pairs, String primary, String shadow) {
        return sum(pairs, primary, shadow, "compared");
    }

    private JsonNode awaitPairs(long sampled) {
        await().atMost(SOON).until(() -> {
            JsonNode pairs = pairs();
            return pairs.path("sampled").asLong() >= sampled
                    && pairs.path("waiting").asLong() == 0;
        });
        return pairs();
    }

    /** Some samples are the same request twice. */
    private long awaitAllDone(String project) {
        await().during(Duration.ofMillis(500)).atMost(SOON).until(() -> booked() == 0);
        return count("project_id = ? and state = 'DONE'", project);
    }

    private long booked() {
        return client().get("/api/v1/comparison/trace")
                .json()
                .at("/conservation/inFlight")
                .asLong(-1);
    }

    private void nothingIsPrivateAnyMore() {
        for (String table :
                List.of("trace", "span", "session", "tracked_user", "daily_cost_summary", "project", "ledger")) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(sql.sql("select count(*) from shunt_shadow." + table)
                                    .query(Long.class)
                                    .single())
                            .as(table)
                            .isZero());
        }
    }

    /** Of one trace, with spans that come twice with other content and sessions that change their user. */
    private static String fragment(int trace, String span) {
        return "{\"trace_id\":\"fragmented-" + trace + "\",\"name\":\"" + span + "\",\"session_id\":\"s" + trace % 5
                + "\",\"user_id\":\"u" + trace % 3 + "\",\"spans\":[{\"span_id\":\"" + span.charAt(0)
                + "\",\"name\":\"" + span + "\",\"model\":\"gpt-4o\",\"usage\":{\"prompt_tokens\":3}}]}";
    }
}
