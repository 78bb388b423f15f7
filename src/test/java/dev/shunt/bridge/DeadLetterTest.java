package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.bridge.Client.Answer;
import dev.shunt.embedded.TemporalServerHandle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What dies, what waits, and what people do about it. */
class DeadLetterTest extends DeadLetterSuite {

    @ParameterizedTest
    @CsvSource({"0, 0, LEGACY", "0, 100, TEMPORAL", "100, 0, LEGACY", "100, 100, TEMPORAL"})
    void a_replay_takes_the_flag_of_its_moment_and_ends_in_the_same_ledger_row(int before, int after, String route) {
        String trace = "replayed-" + before + "-" + after;
        client().percentage(before);
        long id = dead(trace);
        client().percentage(after);

        Answer dies = replay(id);
        assertThat(dies.status()).as(dies.body()).isEqualTo(200);
        assertThat(dies.text("route")).isEqualTo(route);
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(shown(id).at("/letter/state").asString()).isEqualTo("DEAD");
            assertThat(shown(id).at("/letter/attempts").asInt()).isEqualTo(2);
        });
        assertThat(reasonAndState(trace)).isEqualTo("REPLAY DEAD");
        heal();
        Answer sent = replayWhenBuried(id);
        assertThat(sent.text("route")).isEqualTo(route);

        awaitStored(trace);
        assertThat(sql.sql("select decided_route || ' ' || reason || ' ' || state from ledger where subject = ?")
                        .param(trace)
                        .query(String.class)
                        .list())
                .containsExactly(route + " REPLAY DONE");
        assertThat(shown(id).at("/letter/state").asString()).isEqualTo("REPLAYED");
        assertThat(shown(id).at("/actions")).hasSize(2);
        assertThat(shown(id).at("/actions/0/by").asString()).isEqualTo("anna (unverified)");
        // as if it had been sent long enough ago to be looked after
        sql.sql("update dead_letter set looked_at = looked_at - interval '11 s' where id = ?")
                .param(id)
                .update();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(shown(id).at("/letter/storedAt").isMissingNode())
                        .isFalse());
        assertThat(inList("cognobserve:dlq")).noneMatch(raw -> raw.contains(trace));
    }

    @Test
    void two_replays_at_once_move_a_letter_once() {
        long id = dead("raced");
        heal();
        pause("pause");

        List<Answer> answers =
                Stream.generate(() -> CompletableFuture.supplyAsync(() -> replay(id))).limit(8).toList().stream()
                        .map(CompletableFuture::join)
                        .toList();

        assertThat(answers)
                .filteredOn(answer -> answer.text("outcome").equals("SENT"))
                .hasSize(1);
        assertThat(inList("cognobserve:traces"))
                .filteredOn(raw -> raw.contains("raced"))
                .hasSize(1);
        pause("resume");
        awaitStored("raced");
    }

    @Test
    void a_replay_cut_short_between_its_claim_and_its_acceptance_is_sent_later() {
        client().percentage(100);
        long id = dead("cut-short");
        heal();
        sql.sql(
                        "update dead_letter set state = 'REPLAYED', replays = 1, looked_at = now() - interval '11 s' where id = ?")
                .param(id)
                .update();
        sql.sql("update ledger set state = 'OPEN' where subject = 'cut-short'").update();

        awaitStored("cut-short");

        assertThat(shown(id).at("/letter/state").asString()).isEqualTo("REPLAYED");
    }

    @Test
    void a_replayed_item_in_the_registry_is_not_swept_as_settled() {
        long id = dead("swept");
        failing("57014");
        client().percentage(100);

        assertThat(replay(id).text("route")).isEqualTo("TEMPORAL");

        await().during(Duration.ofSeconds(4)).atMost(SOON).until(() -> registered() == 1);
        assertThat(reasonAndState("swept")).isEqualTo("REPLAY OPEN");
        heal();
        awaitStored("swept");
    }

    @Test
    void what_is_sent_again_after_it_died_is_not_swept_as_the_life_before() {
        long id = dead("again");
        assertThat(client().post("/api/v1/dead-letters/" + id + "/discard", "{\"reason\":\"mended\"}")
                        .status())
                .isEqualTo(200);
        failing("57014");
        client().percentage(100);

        assertThat(send("again", "poison").text("route")).isEqualTo("TEMPORAL");

        await().during(Duration.ofSeconds(4)).atMost(SOON).until(() -> registered() == 1);
        heal();
        awaitStored("again");
    }

    @Test
    void a_replay_that_falls_back_stays_a_replay_which_no_gate_and_no_latency_counts() {
        String trace = "fallen-back";
        String large = "x".repeat(300 * 1024);
        Answer accepted = client().trace("{\"trace_id\":\"" + trace + "\",\"name\":\"poison\","
                + "\"spans\":[{\"span_id\":\"s\",\"name\":\"s\",\"input\":{\"text\":\"" + large + "\"}}]}");
        assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);
        long id = deadLetter(trace);
        heal();
        client().percentage(100);
        sql.sql("alter table claimed_body rename to claimed_body_away").update();
        try {
            Answer sent = replay(id);
            assertThat(sent.text("route")).as(sent.body()).isEqualTo("LEGACY");
        } finally {
            sql.sql("alter table claimed_body_away rename to claimed_body").update();
        }

        awaitStored(trace);
        assertThat(sql.sql("select decided_route || ' ' || executed_route from ledger where subject = ?")
                        .param(trace)
                        .query(String.class)
                        .single())
                .isEqualTo("TEMPORAL LEGACY");
        assertThat(reasonAndState(trace)).isEqualTo("REPLAY DONE");
    }

    @Test
    void a_letter_whose_burial_is_not_over_is_not_replayed() {
        long id = dead("half-buried");
        String key = shown(id).at("/letter/key").asString();
        inRedis(redis -> redis.hset("shunt:trace:book", key, "LEGACY|1|1700000000000000|LEGACY|FLAG|1|0|HTTP"));

        assertThat(replay(id).status()).isEqualTo(409);

        assertThat(shown(id).at("/letter/state").asString()).isEqualTo("DEAD");
        inRedis(redis -> redis.hdel("shunt:trace:book", key));
    }

    @Test
    void letters_are_listed_by_reason_replayed_together_and_discarded_with_a_reason() {
        inRedis(redis -> redis.lpush("cognobserve:traces", "no json"));
        long id = dead("together");
        await().atMost(SOON).until(() -> letters("state=DEAD&workload=trace").size() >= 2);
        String reason = shown(id).at("/letter/reason").asString().substring(0, 10);
        heal();

        Answer all = client().post("/api/v1/dead-letters/replay", "{\"workload\":\"trace\"}");

        assertThat(all.status()).as(all.body()).isEqualTo(200);
        assertThat(all.json().at("/examples/0/outcome").asString()).isEqualTo("UNREADABLE");
        awaitStored("together");
        assertThat(letters("state=REPLAYED&reason=" + reason.replace(" ", "%20")))
                .contains(id);
        long garbage = letters("state=DEAD").getFirst();
        assertThat(shown(garbage).at("/payload").asString()).isEqualTo("no json");
        assertThat(shown(garbage).at("/encoding").asString()).isEqualTo("text");
        String path = "/api/v1/dead-letters/" + garbage;
        assertThat(client().post(path + "/discard", "{}").status()).isEqualTo(400);
        assertThat(client().post(path + "/discard", "{\"reason\":\"not ours\"}").status())
                .isEqualTo(200);
        assertThat(client().post(path + "/replay", "").status()).isEqualTo(409);
        assertThat(shown(garbage).at("/actions/0/why").asString()).isEqualTo("not ours");
        assertThat(inList("cognobserve:dlq")).doesNotContain("no json");
    }

    @ParameterizedTest
    @CsvSource({"0, LEGACY", "100, TEMPORAL"})
    void an_item_that_waits_for_another_try_is_shown_with_when_and_why(int percent, String route) {
        client().percentage(percent);
        String trace = "waiting-" + percent;
        send(trace, "later");

        await().atMost(SOON).untilAsserted(() -> {
            var waiting = client().get("/api/v1/waiting/trace").json();
            assertThat(waiting.at("/retries/0/route").asString())
                    .as(waiting.toString())
                    .isEqualTo(route);
            assertThat(waiting.at("/retries/0/keys/0").asString()).contains(trace);
            assertThat(waiting.at("/retries/0/why").asString()).isNotBlank();
            if (route.equals("LEGACY") || TemporalServerHandle.canRunDevServer()) { // the one in memory does not tell
                assertThat(waiting.at("/retries/0/nextTry").asString()).isNotBlank();
            }
        });

        heal();
        awaitStored(trace);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                client().get("/api/v1/waiting/trace").json().at("/retries"))
                        .isEmpty());
    }

    @Test
    void paused_consumers_leave_messages_in_the_list_and_the_door_open() {
        pause("pause");
        send("paused", "fine");

        var waiting = client().get("/api/v1/waiting/trace").json();
        assertThat(waiting.at("/waiting").asInt()).isEqualTo(1);
        assertThat(waiting.at("/oldestWaiting/ageSeconds").isNumber()).isTrue();
        assertThat(client().get("/api/v1/instance").body())
                .contains("\"route\":\"LEGACY\",\"state\":\"PAUSED\"")
                .contains("\"route\":\"TEMPORAL\",\"state\":\"RUNNING\"");

        pause("resume");
        awaitStored("paused");
    }

    @Test
    void paused_workers_leave_workflows_alone_and_the_door_open() {
        client().percentage(100);
        client().post("/api/v1/instance/temporal/pause", "");
        // each poll that is under way may still take one task
        for (int i = 0; i < 60; i++) {
            assertThat(send("unpolled-" + i, "fine").text("route")).isEqualTo("TEMPORAL");
        }
        await().during(Duration.ofSeconds(3)).atMost(SOON).until(() -> registered() > 0);
        assertThat(client().get("/api/v1/instance").body()).contains("\"route\":\"TEMPORAL\",\"state\":\"PAUSED\"");

        client().post("/api/v1/instance/temporal/resume", "");

        await().atMost(SOON).until(() -> registered() == 0);
    }

    @ParameterizedTest
    @CsvSource({"recall", "rollback"})
    void what_does_not_finish_on_temporal_is_taken_back_by(String order) {
        // the way to 0 % before each test is a rollback too, and would count the item as its own while it is followed
        await().atMost(SOON).until(() -> {
            Answer before = client().get("/api/v1/rollouts/trace/rollback");
            return before.status() == 404 || before.json().path("complete").asBoolean();
        });
        client().percentage(100);
        String trace = "taken-back-by-" + order;
        assertThat(send(trace, "later").text("route")).isEqualTo("TEMPORAL");
        var waiting = client().get("/api/v1/waiting/trace").json();
        assertThat(waiting.at("/registered").asInt()).as(waiting.toString()).isEqualTo(1);
        assertThat(waiting.at("/oldestRegistered/ageSeconds").isNumber()).isTrue();

        Answer answer = client().post("/api/v1/rollouts/trace/" + order, "{}", "If-Match", "*");

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        if (order.equals("recall")) {
            assertThat(answer.json().at("/moved").asInt()).isEqualTo(1);
            assertThat(answer.json().at("/remaining").asInt()).isZero();
        } else {
            assertThat(answer.json().at("/inFlight").asInt()).isZero();
            assertThat(answer.body()).contains("recall");
            // by the order itself or by who follows it: whoever looked first
            await().atMost(SOON).untilAsserted(() -> {
                Answer proof = client().get("/api/v1/rollouts/trace/rollback");
                assertThat(proof.json().at("/inFlight/recalled").asInt())
                        .as(proof.body())
                        .isEqualTo(1);
            });
        }
        heal();
        awaitStored(trace);
    }
}
