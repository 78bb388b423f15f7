package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.ItemKey;
import dev.shunt.core.ShadowWorkload;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** Second runs that go wrong or do not end, and what they leave behind. Those that do not end are called off soon. */
@TestPropertySource(properties = {"shunt.data=target/shadow-faults", "shunt.shadow.timeout=4s"})
class ShadowFaultsTest extends ShadowSuite {

    @Autowired
    private ShadowWorkload traces;

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
        unplant("span");
    }

    @Test
    void a_shadow_that_cannot_store_what_the_primary_stored_is_an_error_on_one_side() {
        order(100, "OTHER_ROUTE");
        plant("trace", "new.name := null");
        send("refused", "{\"name\":\"n\",\"trace_id\":\"t\"}");
        awaitDone("refused", 1);

        await().atMost(SOON).untilAsserted(() -> assertThat(divergences()).hasSize(1));
        assertThat(divergences().getFirst())
                .containsEntry("kind", "ERROR_ONE_SIDE")
                .containsEntry("expected", "stored");
        assertThat(sql.sql("select count(*) from dead_letter").query(Long.class).single())
                .isZero();
        unplant("trace");
    }

    @Test
    void a_shadow_that_hangs_changes_nothing_for_the_primary() {
        order(100, "SAME_ROUTE");
        plant("trace", "perform pg_sleep(60)");
        long late = timedOutOnLegacy();
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

    private void unplant(String table) {
        sql.sql("drop trigger planted on shunt_shadow." + table).update();
    }

    private long timedOutOnLegacy() {
        return sum(pairs(), "LEGACY", "LEGACY", "timedOut");
    }

    private static String priced(String trace) {
        return "{\"name\":\"n\",\"trace_id\":\"" + trace
                + "\",\"spans\":[{\"span_id\":\"s1\",\"name\":\"s\",\"model\":\"gpt-4o\",\"usage\":{\"prompt_tokens\":400}}]}";
    }
}
