package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.bridge.Client.Answer;
import dev.shunt.embedded.TestBackends;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** What dies, what waits, and what people do about it. A rule in the database makes named traces fail, for good or for now. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "shunt.data=target/dead-letters",
            "shunt.temporal.start-deadline=10s",
            "shunt.temporal.late-start-limit=60s",
            "shunt.temporal.sweep-interval=1s",
            "shunt.rollout.recall-on-rollback=true"
        })
@DirtiesContext
class DeadLetterTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    @LocalServerPort
    private int port;

    @Value("${shunt.redis.url}")
    private String redisUrl;

    @Autowired
    private JdbcClient sql;

    @DynamicPropertySource
    static void backends(DynamicPropertyRegistry registry) {
        Backends.register(registry, TestBackends.freshJdbcUrl(), TestBackends.temporalAddress());
    }

    @BeforeEach
    void bothRoutesReady() {
        failing("23514");
        client().awaitBothRoutes();
        client().percentage(0);
    }

    /** @param poison SQLSTATE of what is named so; what is named "later" fails for now */
    private void failing(String poison) {
        sql.sql("""
                create or replace function fail_named() returns trigger language plpgsql as $$
                begin
                    if new.name = 'poison' then raise exception 'poison' using errcode = '%s'; end if;
                    if new.name = 'later' then raise exception 'later' using errcode = '57014'; end if;
                    return new;
                end $$;
                create or replace trigger fail_named before insert on trace for each row execute function fail_named()
                """.formatted(poison)).update();
    }

    @AfterEach
    void nothingFails() {
        heal();
    }

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
        heal();
        awaitStored("swept");
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
            assertThat(waiting.at("/retries/0/nextTry").asString()).isNotBlank();
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
        client().percentage(100);
        String trace = "taken-back-by-" + order;
        assertThat(send(trace, "later").text("route")).isEqualTo("TEMPORAL");
        var waiting = client().get("/api/v1/waiting/trace").json();
        assertThat(waiting.at("/registered").asInt()).as(waiting.toString()).isEqualTo(1);
        assertThat(waiting.at("/oldestRegistered/ageSeconds").isNumber()).isTrue();

        Answer answer = client().post("/api/v1/rollouts/trace/" + order, "{}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        if (order.equals("recall")) {
            assertThat(answer.json().at("/moved").asInt()).isEqualTo(1);
            assertThat(answer.json().at("/remaining").asInt()).isZero();
        } else {
            assertThat(answer.json().at("/inFlight").asInt()).isZero();
            assertThat(answer.body()).contains("recalled 1 items");
        }
        heal();
        awaitStored(trace);
    }

    private int registered() {
        return client().get("/api/v1/waiting/trace").json().at("/registered").asInt();
    }

    private long dead(String trace) {
        send(trace, "poison");
        await().atMost(SOON).until(() -> deadIds(trace).size() == 1);
        long id = deadIds(trace).getFirst();
        String key = shown(id).at("/letter/key").asString();
        await().atMost(SOON).until(() -> !inRedis(redis -> redis.hexists("shunt:trace:book", key)));
        return id;
    }

    private List<Long> deadIds(String trace) {
        return sql.sql("select id from dead_letter where item_key like ?")
                .param("%:" + trace + ":%")
                .query(Long.class)
                .list();
    }

    private Answer send(String trace, String name) {
        Answer answer = client().trace("{\"trace_id\":\"" + trace + "\",\"name\":\"" + name + "\"}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return answer;
    }

    private Answer replay(long id) {
        return client().post("/api/v1/dead-letters/" + id + "/replay", "", "X-Shunt-Actor", "anna");
    }

    private Answer replayWhenBuried(long id) {
        return await().atMost(SOON).until(() -> replay(id), answer -> answer.status() != 409);
    }

    private JsonNode shown(long id) {
        return client().get("/api/v1/dead-letters/" + id).json();
    }

    private List<Long> letters(String query) {
        return client().get("/api/v1/dead-letters?" + query)
                .json()
                .valueStream()
                .map(letter -> letter.path("id").asLong())
                .toList();
    }

    private void pause(String what) {
        Answer answer = client().post("/api/v1/instance/consumers/trace/" + what, "");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        if (what.equals("pause")) {
            // a fetch that was waiting when the pause came may still take what comes first
            await().pollDelay(Duration.ofMillis(1_500)).until(() -> true);
        }
    }

    private void heal() {
        sql.sql("drop trigger if exists fail_named on trace").update();
    }

    private void awaitStored(String trace) {
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(sql.sql("select count(*) from ledger where subject = ? and state = 'DONE'")
                                        .param(trace)
                                        .query(Long.class)
                                        .single())
                                .isEqualTo(1));
    }

    private List<String> inList(String key) {
        return inRedis(redis -> redis.lrange(key, 0, -1));
    }

    private <T> T inRedis(Function<RedisCommands<String, String>, T> work) {
        try (RedisClient redis = RedisClient.create(redisUrl);
                var connection = redis.connect()) {
            return work.apply(connection.sync());
        }
    }

    private Client client() {
        return new Client(port);
    }
}
