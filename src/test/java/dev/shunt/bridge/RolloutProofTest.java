package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import dev.shunt.embedded.TemporalServerHandle;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Preflight, probe, rehearsal and the proof of a rollback, in the whole service. */
class RolloutProofTest extends BridgeSuite {

    private static final String ROLLOUT = "/api/v1/rollouts/trace";
    private static final String QUEUE = "cognobserve:traces";

    @Autowired
    private DataSource database;

    @Test
    void a_preflight_has_a_line_for_everything_and_says_what_it_saw() {
        send("preflight", "{\"name\":\"n\",\"metadata\":{\"large\":\"" + "x".repeat(300_000) + "\"}}");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(preflight().words("sizes of recent items"))
                        .contains("1 over 262144 bytes, would travel as references (preflight 1)"));
        String byServer = TemporalServerHandle.canRunDevServer() ? "PASS" : "UNKNOWN";
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(preflight().results())
                        .containsOnly(
                                entry("Temporal and its namespace", "PASS"),
                                entry("agreement of instances", "PASS"),
                                entry("clock of Postgres", "PASS"),
                                entry("clock of Redis", "PASS"),
                                entry("conservation", "PASS"),
                                entry("durability of Redis", "PASS"),
                                entry("no other consumer on the queue", "PASS"),
                                entry("schema of the store", "PASS"),
                                entry("sizes of recent items", "PASS"),
                                entry("workers on the task queue", byServer)));
        PreflightLines seen = preflight();
        assertThat(seen.words("clock of Redis")).startsWith("Redis's clock is ");
        assertThat(seen.words("clock of Postgres")).startsWith("Postgres's clock is ");
        assertThat(seen.words("schema of the store")).endsWith(", as this build needs it");
        assertThat(seen.words("agreement of instances")).contains("1 live instances obey epoch");
        assertThat(seen.words("durability of Redis")).containsPattern("^(always|everysec)");
        assertThat(seen.words("no other consumer on the queue"))
                .isEqualTo("no client but Shunt's own takes from a list");
        assertThat(seen.words("conservation")).contains("accepted");
        assertThat(seen.words("Temporal and its namespace")).contains(", namespace default");
        assertThat(seen.words("workers on the task queue")).isNotBlank();
        assertThat(client().get(ROLLOUT + "/preflight").status()).isEqualTo(405);
    }

    @Test
    void a_preflight_names_what_is_wrong_and_what_to_do_and_no_rollout_starts_before() {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(preflight().results()).doesNotContainValue("FAIL"));
        sql.sql("insert into flag_acknowledgement values ('behind', 'trace', 0, false, 600000, clock_timestamp())")
                .update();
        sql.sql("""
                insert into flyway_schema_history (installed_rank, version, description, type, script, checksum,
                    installed_by, execution_time, success)
                values (999, '999', 'of tomorrow', 'SQL', 'V999__of_tomorrow.sql', 1, 'test', 1, true)
                """).update();
        try {
            assertOldWorkerIsNamed();

            Client.Answer start = client().post(ROLLOUT + "/start", "{\"reason\": \"too early\"}", "If-Match", "*");
            assertThat(start.status()).as(start.body()).isEqualTo(409);
            assertThat(start.json().path("overridable").asBoolean()).isTrue();
            assertThat(start.text("detail"))
                    .contains("preflight 'agreement of instances': epoch ")
                    .contains("preflight 'schema of the store': the store is at version 999")
                    .doesNotContain("clock");
            assertThat(percentage()).isZero();
        } finally {
            sql.sql("delete from flag_acknowledgement where instance = 'behind'")
                    .update();
            sql.sql("delete from flyway_schema_history where version = '999'").update();
        }
        assertThat(preflight().results()).doesNotContainValue("FAIL");
    }

    private void assertOldWorkerIsNamed() {
        try (var worker = new OldWorker(redisUrl, QUEUE)) {
            String address = await().until(worker::address, seen -> !seen.isEmpty());
            PreflightLines seen = preflight();
            assertThat(seen.result()).isEqualTo("FAIL");
            var failing = seen.results();
            failing.values().removeIf(result -> !result.equals("FAIL"));
            assertThat(failing)
                    .as("%s", seen)
                    .containsOnlyKeys(
                            "agreement of instances", "no other consumer on the queue", "schema of the store");
            String another = seen.words("no other consumer on the queue");
            assertThat(another)
                    .startsWith(
                            "another consumer takes from " + QUEUE + ": client " + address + " (brpop). Stop it, or")
                    .endsWith("set shunt.legacy.consumer=external");
            assertThat(seen.words("agreement of instances"))
                    .contains(
                            "is not obeyed by [behind]: ask again in some seconds; if they stay behind, restart them");
            assertThat(seen.words("schema of the store"))
                    .contains("1 versions beyond what this instance knows: finish the deployment of the newer build");

            Client.Answer raise = client().post(
                            ROLLOUT + "/percentage",
                            "{\"percentage\": 10, \"reason\": \"too early\"}",
                            "If-Match",
                            "*");
            assertThat(raise.status()).as(raise.body()).isEqualTo(409);
            assertThat(raise.text("detail")).isEqualTo(another);
        }
    }

    @Test
    void a_probe_writes_every_table_by_both_routes_at_0_percent_and_leaves_nothing() {
        Leftovers leftovers = new Leftovers(sql, redisUrl);
        send("stays", "{\"trace_id\":\"visible\",\"name\":\"n\"}");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(leftovers.of("visible")).contains("public.trace", "public.ledger"));
        probe(); // makes the private tables
        var tables = List.of("trace", "span", "session", "tracked_user", "daily_cost_summary", "ledger");
        try (var seen = new SeenRows(sql, tables)) {
            JsonNode probe = probe();

            assertThat(probe.path("result").asString()).as("%s", probe).isEqualTo("SAME");
            assertThat(probe.path("routes")).hasSize(2).allSatisfy(route -> {
                assertThat(route.path("stored").asBoolean()).isTrue();
                assertThat(route.at("/stageMillis/processed").asDouble()).isPositive();
            });
            for (String lane : List.of("shunt-lane-shadow-legacy", "shunt-lane-shadow-temporal")) {
                assertThat(seen.tablesWrittenBy(lane)).as(lane).containsAll(tables);
            }
            assertThat(seen.rowsOf("trace"))
                    .hasSize(2)
                    .allSatisfy(row -> assertThat(row)
                            .contains("shunt probe", probe.path("id").asString()));
            assertThat(percentage()).isZero();
            for (String mark : List.of(probe.path("id").asString(), "shunt probe", "probe-session", "probe-root")) {
                assertThat(leftovers.of(mark)).as(mark).isEmpty();
            }
            for (String table : tables) {
                assertThat(count("shunt_shadow." + table)).as(table).isZero();
            }
        }
    }

    @Test
    void a_probe_finds_what_the_temporal_side_stores_otherwise_in_any_table() {
        probe(); // makes the private tables
        var faults = Map.of(
                "trace", "new.name := 'planted'",
                "span", "new.level := 'ERROR'",
                "session", "new.user_id := null",
                "tracked_user", "new.id := 'planted'",
                "daily_cost_summary", "new.spans := new.spans + 1");
        faults.forEach(this::plant);
        try {
            JsonNode probe = probe();

            assertThat(probe.path("result").asString()).as("%s", probe).isEqualTo("DIFFERENT");
            assertThat(probe.path("words").asString()).matches("the routes differ at \\S+ and \\d+ more places");
            assertThat(probe.path("differences")
                            .valueStream()
                            .map(found -> found.path("path").asString() + ": "
                                    + found.path("expected").asString("nothing") + ", "
                                    + found.path("actual").asString("nothing")))
                    .contains(
                            "trace.name: shunt probe, planted",
                            "spans[probe-priced].level: DEFAULT, ERROR",
                            "session.user_id: probe-user, nothing",
                            "user: probe-user, nothing",
                            "summaries[2026-01-02/gpt-4o].spans: 1, 2");
        } finally {
            // one lock at a time: the removal of leftovers may hold one table and want the next
            faults.keySet()
                    .forEach(table -> sql.sql("drop function if exists shunt_shadow.planted_" + table + "() cascade")
                            .update());
        }
        assertThat(probe().path("result").asString()).isEqualTo("SAME");
    }

    /** In what shadow runs of the Temporal side write, probes among them. */
    private void plant(String table, String fault) {
        sql.sql("""
                create function shunt_shadow.planted_%1$s() returns trigger language plpgsql as $$
                begin
                    %2$s;
                    return new;
                end $$;
                create trigger planted before insert on shunt_shadow.%1$s for each row
                when (current_setting('application_name') = 'shunt-lane-shadow-temporal')
                execute function shunt_shadow.planted_%1$s()
                """.formatted(table, fault)).update();
    }

    @Test
    void a_rehearsal_needs_the_epoch_and_something_to_roll_back() {
        Client.Answer nothing = client().post(ROLLOUT + "/rehearsal", "{}", "If-Match", "*");
        assertThat(nothing.status()).isEqualTo(409);
        assertThat(nothing.text("detail")).contains("trace is at 0 %: there is nothing to roll back");
        client().percentage(25);
        assertThat(client().post(ROLLOUT + "/rehearsal", "{}").status()).isEqualTo(428);
        assertThat(client().post(ROLLOUT + "/rehearsal", "{}", "If-Match", "\"1\"")
                        .status())
                .isEqualTo(412);
        assertThat(percentage()).isEqualTo(25.0);
    }

    @Test
    void a_rehearsal_under_traffic_measures_the_way_to_0_and_comes_back_and_nothing_is_lost() {
        awaitNoOpenRollback();
        client().percentage(40);
        try (var temporal = new HeldTemporal(database);
                var traffic = new Traffic(client(), "rehearsed-")) {
            await().atMost(SOON).until(() -> registered() >= 3);
            var running = CompletableFuture.supplyAsync(() -> client().post(
                            ROLLOUT + "/rehearsal",
                            "{\"reason\": \"weekly\"}",
                            "If-Match",
                            "\"" + client().get(ROLLOUT).text("epoch") + "\""));
            await().atMost(SOON).untilAsserted(() -> assertThat(percentage()).isZero());
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(client().get(ROLLOUT + "/rollback").text("obeyedAt"))
                                    .isNotEmpty());
            long obeyed = System.nanoTime();
            assertThat(traffic.next(20)).containsOnly("LEGACY");
            assertThat(running).as("items are in flight").isNotDone();
            long heldMillis = (System.nanoTime() - obeyed) / 1_000_000;
            temporal.letGo();

            JsonNode done = running.join().json();

            assertThat(done.path("outcome").asString()).as("%s", done).isEqualTo("PASSED");
            assertThat(done.path("flipToObeyedMillis").asLong(-1)).isPositive();
            assertThat(done.at("/instances/0/millis")).isEqualTo(done.path("flipToObeyedMillis"));
            assertThat(done.path("inFlightAtFirst").asLong()).isGreaterThanOrEqualTo(3);
            assertThat(done.path("inFlightToZeroMillis").asLong())
                    .isGreaterThanOrEqualTo(done.path("flipToObeyedMillis").asLong())
                    .isGreaterThanOrEqualTo(heldMillis);
            assertThat(percentage()).isEqualTo(40.0);
            assertThat(traffic.next(30)).contains("LEGACY", "TEMPORAL");
            JsonNode kept = client().get(ROLLOUT + "/rehearsals").json().get(0);
            for (String measured :
                    List.of("id", "flipToObeyedMillis", "inFlightToZeroMillis", "inFlightAtFirst", "outcome")) {
                assertThat(kept.path(measured)).as(measured).isEqualTo(done.path(measured));
            }
            traffic.assertStoredOnce(sql);
        }
    }

    @Test
    void a_rollback_that_recalls_under_traffic_brings_every_item_to_legacy_once() {
        awaitNoOpenRollback();
        client().percentage(100);
        try (var temporal = new HeldTemporal(database);
                var traffic = new Traffic(client(), "recalled-")) {
            await().atMost(SOON).until(() -> registered() >= 5);
            Client.Answer ordered =
                    client().post(ROLLOUT + "/rollback", "{\"reason\": \"test\", \"inFlight\": \"recall\"}");
            assertThat(ordered.status()).as(ordered.body()).isEqualTo(200);
            String proof = ROLLOUT + "/rollbacks/" + ordered.text("id");
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(
                                    client().get(proof).json().path("complete").asBoolean())
                            .isTrue());
            assertThat(traffic.next(20)).containsOnly("LEGACY");
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(client().get(proof)
                                    .json()
                                    .at("/inFlight/recalled")
                                    .asLong())
                            .isGreaterThanOrEqualTo(5)
                            .isEqualTo(traffic.taken("TEMPORAL")));
            long recalled = traffic.taken("TEMPORAL");
            JsonNode seen = client().get(proof).json();
            assertThat(seen.path("words").asString()).startsWith("complete at ");
            assertThat(seen.at("/instances/0/state").asString()).isEqualTo("OBEYS");
            assertThat(seen.at("/instances/0/acknowledgedAt").asString()).isNotBlank();
            assertThat(seen.at("/inFlight/policy").asString()).isEqualTo("recall");
            assertThat(seen.at("/inFlight/atFirst").asLong()).isBetween(0L, recalled);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(count("ledger where subject like 'recalled-%' and state = 'DONE'"
                                    + " and executed_route = 'LEGACY' and reason = 'RECALL'"))
                            .isEqualTo(recalled));
            temporal.letGo(); // what still runs there finds its work done
            traffic.assertStoredOnce(sql);
            assertThat(count("ledger where subject like 'recalled-%' and executed_route = 'TEMPORAL'"))
                    .isZero();
        }
        assertThat(client().get(ROLLOUT + "/rollbacks/none").status()).isEqualTo(404);
        assertThat(client().post(ROLLOUT + "/rollback", "{\"inFlight\": \"drop\"}")
                        .status())
                .isEqualTo(400);
    }

    /** The way to 0 % before each test is a rollback too. */
    private void awaitNoOpenRollback() {
        await().atMost(SOON).until(() -> {
            Client.Answer last = client().get(ROLLOUT + "/rollback");
            return last.status() == 404 || last.json().path("complete").asBoolean();
        });
    }

    private PreflightLines preflight() {
        return new PreflightLines(client().post(ROLLOUT + "/preflight", "").json());
    }

    private JsonNode probe() {
        return client().post(ROLLOUT + "/probe", "").json();
    }

    private double percentage() {
        return client().get(ROLLOUT).json().path("percentage").asDouble(-1);
    }

    private long registered() {
        return client().get("/api/v1/waiting/trace").json().path("registered").asLong();
    }

    private long count(String from) {
        return sql.sql("select count(*) from " + from).query(Long.class).single();
    }
}
