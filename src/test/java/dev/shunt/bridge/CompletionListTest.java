package dev.shunt.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Each line of the check list that completes a rollout: what must make it fail does, and what mends it mends it. */
class CompletionListTest extends RolloutSuite {

    private static final String QUEUE = "cognobserve:traces";
    private static final String PUSHED =
            "{\"ID\":\"pushed\",\"ProjectID\":\"p\",\"Name\":\"n\",\"Timestamp\":\"2026-01-01T00:00:00Z\",\"Spans\":[]}";

    @Autowired
    private DataSource database;

    @Test
    void messages_in_the_list_and_items_of_the_legacy_route_stand_against_it() {
        assertThat(client().post("/api/v1/instance/consumers/trace/pause", "").status())
                .isEqualTo(200);
        try {
            // a fetch that was under way when they were paused may take some
            await().atMost(SOON).untilAsserted(() -> {
                send("waits-" + System.nanoTime());
                assertFails("legacy list", "messages wait in the list");
                assertFails("items in flight on legacy", "accepted items of the legacy route are not settled");
            });
        } finally {
            client().post("/api/v1/instance/consumers/trace/resume", "");
        }
        assertPasses("legacy list");
        assertPasses("items in flight on legacy");
    }

    @Test
    void items_that_stand_in_postgres_stand_against_it() throws SQLException {
        try (Connection held = database.getConnection()) {
            held.setAutoCommit(false);
            try {
                standsIn(held);
                assertFails("stand-in", "1 items wait in Postgres");
                held.commit();
            } finally {
                held.setAutoCommit(true);
            }
        }
        assertPasses("stand-in");
    }

    @Test
    void dead_letters_and_their_copies_and_producers_stand_against_it() {
        redis(list -> list.lpush(QUEUE, "{\"ID\":\"dies\",\"ProjectID\":null}"));
        await().atMost(SOON).untilAsserted(() -> assertFails("dead letters", "dead letters are not decided about"));
        await().atMost(SOON).untilAsserted(() -> assertFails("dead-letter list", "1 messages are in the dead-letter"));
        discardDeadLetters();
        assertPasses("dead letters");
        assertPasses("dead-letter list");
        redis(list -> list.lpush(QUEUE, PUSHED));
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertFails("producers on the list", "1 items came through the list within a day"));
    }

    @Test
    void pins_and_instances_that_keep_to_legacy_stand_against_it() {
        pinned("\"route\": \"legacy\", \"until\": \"" + Instant.now().plus(1, ChronoUnit.DAYS) + "\"");
        assertFails("pins to legacy", "project kept pinned to legacy");
        pinned("\"release\": true");
        assertPasses("pins to legacy");
        acknowledged("switched-off", true);
        assertFails("instances on legacy", "switched-off keep to legacy (USE_TEMPORAL_WORKFLOWS=false)");
        forget("switched-off");
        assertPasses("instances on legacy");
    }

    @Test
    void an_undecided_divergence_of_days_ago_stands_against_it_also_beside_more_that_a_rule_hides() {
        diverged("p:t1:0123456789abcdef", "spans[s1].level");
        assertFails("open divergences", "1 groups of divergences are neither accepted nor fixed");
        diverged("p:t1:0123456789abcdef", "spans[s2].level");
        diverged("p:t2:0123456789abcdef", "spans[s2].level");
        client().post(
                        "/api/v1/ignore-rules",
                        "{\"workload\": \"trace\", \"path\": \"spans[s2].level\", \"owner\": \"anna\","
                                + " \"reason\": \"known\", \"expiresAt\": \""
                                + Instant.now().plus(1, ChronoUnit.DAYS) + "\"}");
        assertFails("open divergences", "1 groups of divergences are neither accepted nor fixed");
        client().post(
                        "/api/v1/divergences/groups/state",
                        "{\"workload\": \"trace\", \"kind\": \"VALUE\", \"path\": \"spans[].level\","
                                + " \"state\": \"ACCEPTED\", \"reason\": \"known\"}");
        assertPasses("open divergences");
    }

    @Test
    void an_open_rollback_stands_against_it_and_names_who_is_waited_for() {
        client().percentage(100);
        acknowledged("asleep", false);
        client().post(ROLLOUT + "/rollback", "");
        await().atMost(SOON)
                .untilAsserted(() -> assertFails("last rollback", "is not complete: open: waiting for asleep"));
        forget("asleep");
        assertPasses("last rollback");
    }

    @Test
    void complete_is_refused_over_what_would_be_lost_whatever_the_reason_and_only_time_and_judgement_are_passed_over() {
        diverged("p:t9:0123456789abcdef", "spans[s9].name", "spans[].name");
        applied("start");
        applied("promote");
        acknowledged("switched-off", true);
        try {
            Client.Answer asked = client().post(ROLLOUT + "/complete", "{\"reason\": \"it is time\"}", "If-Match", "*");
            assertThat(asked.status()).as(asked.body()).isEqualTo(409);
            assertThat(asked.json().path("overridable").asBoolean(true)).isFalse();
            assertThat(asked.text("detail"))
                    .contains("instances on legacy: switched-off keep to legacy")
                    .contains("open divergences: ", "time at full share: at 100 % since");

            Client.Answer insisted = order("complete");
            assertThat(insisted.status()).as(insisted.body()).isEqualTo(409);
            assertThat(insisted.text("detail"))
                    .contains("instances on legacy: switched-off keep to legacy")
                    .doesNotContain("open divergences", "time at full share");
            assertThat(client().get(ROLLOUT).text("state")).isEqualTo("RUNNING");
        } finally {
            forget("switched-off");
            client().post(ROLLOUT + "/rollback", "");
        }
    }

    @Test
    void complete_names_each_line_that_fails() throws SQLException {
        client().percentage(100);
        try (var temporal = new HeldTemporal(database);
                Connection locked = database.getConnection()) {
            send("keeps-the-rollback-open");
            client().post(ROLLOUT + "/rollback", "");
            applied("start");
            applied("promote");
            pinned("\"route\": \"legacy\", \"until\": \"" + Instant.now().plus(1, ChronoUnit.DAYS) + "\"");
            diverged("p:t7:0123456789abcdef", "spans[s7].output", "spans[].output");
            redis(list -> list.lpush(QUEUE, "{\"ID\":\"dies-too\",\"ProjectID\":null}", PUSHED));
            await().atMost(SOON).untilAsserted(() -> {
                assertFails("dead-letter list", "1 messages are in the dead-letter");
                assertFails("producers on the list", "items came through the list within a day");
            });
            locked.setAutoCommit(false);
            standsIn(locked);
            acknowledged("switched-off", true);
            client().post("/api/v1/instance/consumers/trace/pause", "");
            // a fetch that was under way when they were paused may take some
            await().atMost(SOON).untilAsserted(() -> {
                String body = "{\"trace_id\":\"waits-" + System.nanoTime() + "\",\"name\":\"n\"}";
                client().trace(body.getBytes(UTF_8), "X-Project-ID", "kept");
                assertRefusedOverEveryLine();
            });
            locked.commit();
            locked.setAutoCommit(true);
            temporal.letGo();
        } finally {
            client().post("/api/v1/instance/consumers/trace/resume", "");
            forget("switched-off");
            pinned("\"release\": true");
            client().post(ROLLOUT + "/rollback", "");
            discardDeadLetters();
            client().post(
                            "/api/v1/divergences/groups/state",
                            "{\"workload\": \"trace\", \"kind\": \"VALUE\", \"path\": \"spans[].output\","
                                    + " \"state\": \"ACCEPTED\", \"reason\": \"known\"}");
        }
    }

    private void assertRefusedOverEveryLine() {
        JsonNode checks = client().get(ROLLOUT + "/retirement").json().path("checks");
        Client.Answer refused = client().post(ROLLOUT + "/complete", "{\"reason\": \"it is time\"}", "If-Match", "*");
        assertThat(refused.status()).as(refused.body()).isEqualTo(409);
        assertThat(checks)
                .extracting(line -> line.path("subject").asString())
                .containsExactly(
                        "legacy list",
                        "items in flight on legacy",
                        "stand-in",
                        "dead letters",
                        "dead-letter list",
                        "producers on the list",
                        "pins to legacy",
                        "instances on legacy",
                        "open divergences",
                        "last rollback",
                        "time at full share");
        assertThat(checks).allSatisfy(line -> {
            assertThat(line.path("result").asString()).as("%s", line).isEqualTo("FAIL");
            assertThat(refused.text("detail"))
                    .contains(line.path("subject").asString() + ": "
                            + line.path("words").asString());
        });
    }

    @Test
    void the_time_that_the_plan_keeps_legacy_must_be_over() {
        assertFails("time at full share", "the percentage is below 100 %: go through the plan first");
        client().percentage(100);
        assertFails("time at full share", "the plan keeps legacy until");
        longAgoAtFullShare();
        assertPasses("time at full share");
    }

    /** As if the newest change of the flag, to 100 %, had been made when the plan's time for legacy began. */
    private void longAgoAtFullShare() {
        sql.sql("""
                insert into flag_history (feature, epoch, changed_at, changed_by, verified, reason, database_user, old_row, new_row)
                select feature, epoch, changed_at - interval '28 days 1 minute', changed_by, verified, reason, database_user,
                    old_row, new_row
                from flag_history where feature = 'trace-to-temporal' order by epoch desc limit 1
                """).update();
    }

    /** In a row that whoever would bring it back finds locked, and leaves alone, until this transaction ends. */
    private void standsIn(Connection transaction) throws SQLException {
        sql.sql(
                        "insert into stand_in (workload, item_key, message, accepted_at) values ('trace', 'p:t:0', '{}', now())")
                .update();
        try (var statement = transaction.createStatement()) {
            statement.execute(
                    "set local idle_in_transaction_session_timeout = 0"); // longer than the service may hold one
            assertThat(statement.executeUpdate("delete from stand_in where item_key = 'p:t:0'"))
                    .isEqualTo(1);
        }
    }

    private void pinned(String how) {
        client().post(ROLLOUT + "/pin", "{\"project\": \"kept\", " + how + ", \"reason\": \"slow\"}", "If-Match", "*");
    }

    private void discardDeadLetters() {
        client().get("/api/v1/dead-letters?workload=trace&state=DEAD")
                .json()
                .forEach(letter -> client().post(
                                "/api/v1/dead-letters/" + letter.path("id").asLong() + "/discard",
                                "{\"reason\": \"made to die\"}"));
    }

    private void diverged(String item, String path) {
        diverged(item, path, "spans[].level");
    }

    private void diverged(String item, String path, String pattern) {
        sql.sql("""
                insert into divergence (workload, kind, path, path_pattern, item_key, route, epoch, found_by,
                    first_seen, last_seen)
                values ('trace', 'VALUE', ?, ?, ?, 'TEMPORAL', 1, 'SHADOW',
                    now() - interval '2 days', now() - interval '2 days')
                """).params(path, pattern, item).update();
    }

    private void acknowledged(String instance, boolean held) {
        sql.sql("insert into flag_acknowledgement values (?, 'trace', 1, ?, 600000, clock_timestamp())")
                .params(instance, held)
                .update();
    }

    private void forget(String instance) {
        sql.sql("delete from flag_acknowledgement where instance = ?")
                .param(instance)
                .update();
    }

    private void redis(Consumer<io.lettuce.core.api.sync.RedisCommands<String, String>> work) {
        try (var client = RedisClient.create(redisUrl);
                var connection = client.connect()) {
            work.accept(connection.sync());
        }
    }

    private void assertFails(String subject, String words) {
        JsonNode line = line(subject);
        assertThat(line.path("result").asString()).as("%s", line).isEqualTo("FAIL");
        assertThat(line.path("words").asString()).contains(words);
    }

    private void assertPasses(String subject) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(line(subject).path("result").asString())
                        .as("%s", line(subject))
                        .isEqualTo("PASS"));
    }

    private JsonNode line(String subject) {
        JsonNode checks = client().get(ROLLOUT + "/retirement").json().path("checks");
        for (JsonNode line : checks) {
            if (line.path("subject").asString().equals(subject)) {
                return line;
            }
        }
        throw new AssertionError("no line '" + subject + "' in " + checks);
    }
}
