package dev.shunt.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.ItemKey;
import dev.shunt.core.ShadowWorkload;
import dev.shunt.embedded.TestBackends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** Items that are processed a second time with their effects kept apart, in the whole service. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "shunt.comparison.interval=1s",
            "shunt.data=target/shadow",
            "shunt.workloads.trace.task-queue=shunt-shadow-test",
            "shunt.temporal.start-deadline=10s",
            "shunt.temporal.late-start-limit=60s",
            "shunt.shadow.shed-above=60s",
            "shunt.shadow.timeout=12s"
        })
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ShadowTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Path SAMPLES = Path.of("src/main/resources/demo/requests.jsonl");

    @LocalServerPort
    private int port;

    @Autowired
    private JdbcClient sql;

    @Autowired
    private ShadowWorkload traces;

    @DynamicPropertySource
    static void backends(DynamicPropertyRegistry registry) {
        Backends.register(registry, TestBackends.freshJdbcUrl(), TestBackends.temporalAddress());
    }

    @BeforeEach
    void beginOnLegacyWithBothRoutesReady() {
        client().awaitBothRoutes();
        client().percentage(0);
    }

    @AfterEach
    void nothingIsLeftOver() {
        order(0, "OTHER_ROUTE");
        await().atMost(SOON).until(() -> pairs().path("waiting").asLong() == 0);
        sql.sql("delete from divergence").update();
    }

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
    @Order(3)
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
    @Order(4)
    void a_cost_that_only_the_shadow_rounds_is_a_value_with_both_values() {
        plant("span", "new.total_cost := round(new.total_cost, 2)");
        order(100, "OTHER_ROUTE");
        send("rounded", priced("rounded"));
        awaitDone("rounded", 1);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(divergences())
                        .anySatisfy(found -> assertThat(found)
                                .containsEntry("kind", "VALUE")
                                .containsEntry("path", "spans[s1].total_cost")
                                .containsEntry("expected", "0.001")
                                .containsEntry("actual", "0")
                                .containsEntry("expected_route", "LEGACY")
                                .containsEntry("route", "TEMPORAL")));
        assertThat(divergences())
                .extracting(found -> found.get("path_pattern"))
                .containsOnly("spans[].total_cost", "summaries[].total_cost");
        unplant("span");
    }

    @ParameterizedTest
    @Order(5)
    @CsvSource({"0, LEGACY, TEMPORAL", "100, TEMPORAL, LEGACY"})
    void a_shadow_that_cannot_store_what_the_primary_stored_is_an_error_on_one_side(
            int percentage, String primary, String shadow) {
        client().percentage(percentage);
        plant("trace", "new.name := null");
        order(100, "OTHER_ROUTE");
        send("refused-" + primary, "{\"name\":\"n\",\"trace_id\":\"t\"}");
        awaitDone("refused-" + primary, 1);

        await().atMost(SOON).untilAsserted(() -> assertThat(divergences()).hasSize(1));
        assertThat(divergences().getFirst())
                .containsEntry("kind", "ERROR_ONE_SIDE")
                .containsEntry("expected", "stored")
                .containsEntry("expected_route", primary)
                .containsEntry("route", shadow);
        assertThat(sql.sql("select count(*) from dead_letter").query(Long.class).single())
                .isZero();
        unplant("trace");
    }

    @ParameterizedTest
    @Order(5)
    @CsvSource({"0, LEGACY, TEMPORAL", "100, TEMPORAL, LEGACY"})
    void what_the_primary_buries_and_the_shadow_stores_is_an_error_on_one_side(
            int percentage, String primary, String shadow) {
        client().percentage(percentage);
        refuse(primary, "buried-" + primary);
        order(100, "OTHER_ROUTE");
        send("buried-" + primary, "{\"name\":\"n\",\"trace_id\":\"t\"}");
        awaitState("buried-" + primary, "DEAD");

        await().atMost(SOON).untilAsserted(() -> assertThat(divergences()).hasSize(1));
        assertThat(divergences().getFirst())
                .containsEntry("kind", "ERROR_ONE_SIDE")
                .containsEntry("path", "outcome")
                .containsEntry("actual", "stored")
                .containsEntry("expected_route", primary)
                .containsEntry("route", shadow)
                .hasEntrySatisfying(
                        "expected", reason -> assertThat((String) reason).startsWith("dead letter: "));
        JsonNode group = client().get("/api/v1/divergences/groups").json().path(0);
        assertThat(group.path("basis").path("compared").asLong()).isPositive();
        sql.sql("drop trigger refuses on trace").update();
        sql.sql("delete from dead_letter").update();
    }

    @Test
    @Order(5)
    void what_neither_route_can_store_is_no_difference() {
        refuse("LEGACY", "twice");
        plant("trace", "new.name := null");
        long equal = sum(pairs(), "LEGACY", "TEMPORAL", "equal");
        order(100, "OTHER_ROUTE");
        send("twice", "{\"name\":\"n\",\"trace_id\":\"t\"}");
        awaitState("twice", "DEAD");

        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(sum(pairs(), "LEGACY", "TEMPORAL", "equal")).isEqualTo(equal + 1));
        assertThat(divergences()).isEmpty();
        unplant("trace");
        sql.sql("drop trigger refuses on trace").update();
        sql.sql("delete from dead_letter").update();
    }

    @Test
    @Order(5)
    void a_pair_that_differs_only_in_what_a_rule_hides_is_hidden_and_not_in_the_bound() {
        plant("trace", "new.name := 'other'");
        JsonNode before = pairs();
        order(100, "OTHER_ROUTE");
        send("hidden", "{\"name\":\"n\",\"trace_id\":\"t\"}");
        awaitDone("hidden", 1);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(pairs().path("differing").asLong())
                        .isEqualTo(before.path("differing").asLong() + 1));

        long rule = rule("trace.name");
        JsonNode hidden = pairs();
        assertThat(hidden.path("hidden").asLong())
                .isEqualTo(before.path("hidden").asLong() + 1);
        assertThat(hidden.path("differing").asLong())
                .isEqualTo(before.path("differing").asLong());
        assertThat(hidden.path("compared").asLong())
                .isEqualTo(before.path("compared").asLong() + 1);
        assertThat(client().get("/api/v1/divergences/groups").json().valueStream())
                .allSatisfy(group -> assertThat(group.path("count").asLong()).isZero());

        sql.sql("update ignore_rule set removed_at = now(), removed_by = 'test' where id = ?")
                .param(rule)
                .update();
        assertThat(pairs().path("differing").asLong())
                .isEqualTo(before.path("differing").asLong() + 1);
        unplant("trace");
    }

    @Test
    @Order(6)
    void a_shadow_that_hangs_changes_nothing_for_the_primary() {
        plant("trace", "perform pg_sleep(60)");
        long late = timedOutOnLegacy();
        order(100, "SAME_ROUTE");
        for (int i = 0; i < 10; i++) {
            send("hanging", "{\"name\":\"n" + i + "\"}");
        }
        awaitDone("hanging", 10);

        assertThat(pairs().path("waiting").asLong()).isEqualTo(10);
        await().atMost(SOON).until(() -> pairs().path("waiting").asLong() == 0);
        assertThat(timedOutOnLegacy()).isEqualTo(late + 10);
        assertThat(divergences()).isEmpty();
        unplant("trace");
    }

    @Test
    @Order(7)
    void what_is_too_large_is_shed() {
        long shed = pairs().path("shed").asLong();
        order(100, "OTHER_ROUTE");
        send("large", "{\"name\":\"n\",\"metadata\":{\"text\":\"" + "x".repeat(1_100_000) + "\"}}");
        awaitDone("large", 1);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(pairs().path("shed").asLong()).isEqualTo(shed + 1));
    }

    @Test
    @Order(7)
    void what_a_crash_left_behind_is_removed_once_it_is_old() {
        for (String age : List.of("1 hour", "1 minute")) {
            String run = "~left-" + age.charAt(2) + "~p";
            sql.sql("insert into shunt_shadow.project (id, created_at) values (?, now() - ?::interval)")
                    .params(run, age)
                    .update();
            sql.sql(
                            "insert into shunt_shadow.trace (project_id, id, name, occurred_at, item_key) values (?, 't', 'n', now(), 'k')")
                    .param(run)
                    .update();
        }

        traces.removeLeftovers(Duration.ofMinutes(10));

        assertThat(sql.sql("delete from shunt_shadow.trace where project_id like '~left%' returning project_id")
                        .query(String.class)
                        .list())
                .containsExactly("~left-m~p");
        traces.remove(List.of(ItemKey.of("~left-m~p", "t", "0123456789abcdef")));
    }

    @Test
    @Order(8)
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
    @Order(9)
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

    private Client client() {
        return new Client(port);
    }

    private void send(String project, String body) {
        Client.Answer answer = client().trace(body.getBytes(UTF_8), "X-Project-ID", project);
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    }

    private JsonNode order(int percentage, String mode) {
        Client.Answer answer = client().post(
                        "/api/v1/shadow/trace",
                        "{\"percentage\":" + percentage + ",\"mode\":\"" + mode + "\",\"reason\":\"test\"}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private JsonNode pairs() {
        return client().get("/api/v1/comparison/trace").json().path("pairs");
    }

    private JsonNode awaitPairs(long sampled) {
        await().atMost(SOON).until(() -> {
            JsonNode pairs = pairs();
            return pairs.path("sampled").asLong() >= sampled
                    && pairs.path("waiting").asLong() == 0;
        });
        return pairs();
    }

    private static long comparedOf(JsonNode pairs, String primary, String shadow) {
        return sum(pairs, primary, shadow, "compared");
    }

    private long timedOutOnLegacy() {
        return sum(pairs(), "LEGACY", "LEGACY", "timedOut");
    }

    private static long sum(JsonNode pairs, String primary, String shadow, String figure) {
        long sum = 0;
        for (JsonNode line : pairs.path("routes")) {
            if (line.path("primary").asString().equals(primary)
                    && line.path("shadow").asString().equals(shadow)) {
                sum += line.path(figure).asLong();
            }
        }
        return sum;
    }

    private void awaitDone(String project, long items) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(count("project_id = ? and state = 'DONE'", project))
                        .isEqualTo(items));
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

    private long count(String where, String project) {
        return sql.sql("select count(*) from ledger where " + where)
                .param(project)
                .query(Long.class)
                .single();
    }

    private List<Map<String, Object>> divergences() {
        return sql.sql("select * from divergence where found_by = 'SHADOW' order by id")
                .query()
                .listOfRows();
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

    private void plant(String table, String statement) {
        sql.sql("create or replace function shunt_shadow.plant_" + table
                        + "() returns trigger language plpgsql as $$ begin if current_setting('application_name') like"
                        + " 'shunt-lane-shadow-%' then " + statement + "; end if; return new; end $$")
                .update();
        sql.sql("create trigger planted before insert on shunt_shadow." + table
                        + " for each row execute function shunt_shadow.plant_" + table + "()")
                .update();
    }

    private void unplant(String table) {
        sql.sql("drop trigger planted on shunt_shadow." + table).update();
    }

    /** The route's own lane, and nobody else, cannot store a trace of this project. */
    private void refuse(String route, String project) {
        sql.sql("create or replace function refuse() returns trigger language plpgsql as $$ begin"
                        + " if current_setting('application_name') = 'shunt-lane-" + route.toLowerCase(Locale.ROOT)
                        + "' and new.project_id = '" + project
                        + "' then new.name := null; end if; return new; end $$")
                .update();
        sql.sql("create trigger refuses before insert on trace for each row execute function refuse()")
                .update();
    }

    private void awaitState(String project, String state) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(count("project_id = ? and state = '" + state + "'", project))
                        .isEqualTo(1));
    }

    private long rule(String path) {
        Client.Answer answer = client().post(
                        "/api/v1/ignore-rules",
                        "{\"workload\":\"trace\",\"path\":\"" + path
                                + "\",\"reason\":\"test\",\"owner\":\"ann\",\"expiresAt\":\""
                                + Instant.now().plusSeconds(600) + "\"}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.json().path("id").asLong();
    }

    private static String priced(String trace) {
        return "{\"name\":\"n\",\"trace_id\":\"" + trace
                + "\",\"spans\":[{\"span_id\":\"s1\",\"name\":\"s\",\"model\":\"gpt-4o\",\"usage\":{\"prompt_tokens\":400}}]}";
    }

    /** Of one trace, with spans that come twice with other content and sessions that change their user. */
    private static String fragment(int trace, String span) {
        return "{\"trace_id\":\"fragmented-" + trace + "\",\"name\":\"" + span + "\",\"session_id\":\"s" + trace % 5
                + "\",\"user_id\":\"u" + trace % 3 + "\",\"spans\":[{\"span_id\":\"" + span.charAt(0)
                + "\",\"name\":\"" + span + "\",\"model\":\"gpt-4o\",\"usage\":{\"prompt_tokens\":3}}]}";
    }
}
