package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.comparison.ShadowSettings;
import dev.shunt.core.ItemKey;
import dev.shunt.core.ShadowWorkload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Second runs that go wrong or do not end, and what they leave behind. */
@TestPropertySource(properties = "shunt.data=target/shadow-faults")
class ShadowFaultsTest extends ShadowSuite {

    @Autowired
    private ShadowWorkload traces;

    @Autowired
    private ShadowSettings settings;

    @BeforeEach
    void beginWithPrivateTables() {
        order(1, "OTHER_ROUTE");
    }

    @AfterEach
    void unplant() {
        for (String table : List.of("trace", "span")) {
            sql.sql("drop trigger if exists planted on shunt_shadow." + table).update();
        }
        sql.sql("drop trigger if exists refuses on trace").update();
        sql.sql("delete from dead_letter").update();
    }

    @Test
    void a_cost_that_only_the_shadow_rounds_is_a_value_with_both_values() {
        order(100, "OTHER_ROUTE");
        plant("span", "new.total_cost := round(new.total_cost, 2)");
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
    }

    @ParameterizedTest
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
    }

    @ParameterizedTest
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
    }

    @Test
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
    }

    @Test
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
    }

    /** For as long as it may by default, which is longer than this test waits for anything else. */
    @ParameterizedTest
    @CsvSource({"0, LEGACY", "100, TEMPORAL"})
    void a_shadow_that_hangs_changes_nothing_for_the_primary(int percentage, String route) {
        assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(60)).isEqualTo(SOON);
        client().percentage(percentage);
        order(100, "SAME_ROUTE");
        JsonNode before = pairs();
        plant("trace", "perform pg_sleep(60)");
        String project = "hanging-" + route;
        for (int i = 0; i < 20; i++) {
            send(project, "{\"name\":\"n" + i + "\"}");
        }
        awaitDone(project, 20);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(pairs().path("waiting").asLong())
                        .as("second runs that have not ended while all primaries are done")
                        .isEqualTo(20));
        assertThat(count(
                        "project_id = ? and attempts = 1 and reason = 'FLAG' and executed_route = '" + route + "'",
                        project))
                .as("primaries that did all at their first try, where it was decided")
                .isEqualTo(20);

        release("trace");
        await().atMost(SOON).until(() -> pairs().path("waiting").asLong() == 0);
        JsonNode after = pairs();
        for (String end : List.of("sampled", "equal")) {
            assertThat(sum(after, route, route, end) - sum(before, route, route, end))
                    .as(end)
                    .isEqualTo(20);
        }
        assertThat(divergences()).isEmpty();
    }

    /** What hangs is cancelled, as if it had come to the end of its statement timeout, and tried again it goes through. */
    private void release(String table) {
        sql.sql("create or replace function shunt_shadow.plant_" + table
                        + "() returns trigger language plpgsql as $$ begin return new; end $$")
                .update();
        sql.sql("select count(pg_cancel_backend(pid)) from pg_stat_activity where state = 'active'"
                        + " and application_name like 'shunt-lane-shadow-%' and datname = current_database()")
                .query(Long.class)
                .single();
    }

    @Test
    void what_a_crash_left_behind_is_removed_once_it_is_old() {
        order(1, "OTHER_ROUTE"); // makes the private tables
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

    private void plant(String table, String statement) {
        sql.sql("create or replace function shunt_shadow.plant_" + table
                        + "() returns trigger language plpgsql as $$ begin if current_setting('application_name') like"
                        + " 'shunt-lane-shadow-%' then " + statement + "; end if; return new; end $$")
                .update();
        sql.sql("create trigger planted before insert on shunt_shadow." + table
                        + " for each row execute function shunt_shadow.plant_" + table + "()")
                .update();
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
}
