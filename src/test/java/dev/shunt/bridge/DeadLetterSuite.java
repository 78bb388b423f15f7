package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.bridge.Client.Answer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** A running service in whose database a rule makes named traces fail, for good or for now. */
@TestPropertySource(
        properties = {
            "shunt.data=target/dead-letters",
            "shunt.temporal.sweep-interval=1s",
            "shunt.rollout.recall-on-rollback=true"
        })
@DirtiesContext
abstract class DeadLetterSuite extends ServiceSuite {

    static final Duration SOON = Duration.ofSeconds(60);

    @BeforeEach
    void someFail() {
        failing("23514");
    }

    /** @param poison SQLSTATE of what is named so; what is named "later" fails for now */
    void failing(String poison) {
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

    int registered() {
        return client().get("/api/v1/waiting/trace").json().at("/registered").asInt();
    }

    long dead(String trace) {
        send(trace, "poison");
        return deadLetter(trace);
    }

    /** The letter of what was sent, as soon as it is buried. */
    long deadLetter(String trace) {
        await().atMost(SOON).until(() -> deadIds(trace).size() == 1);
        long id = deadIds(trace).getFirst();
        String key = shown(id).at("/letter/key").asString();
        await().atMost(SOON).until(() -> !inRedis(redis -> redis.hexists("shunt:trace:book", key)));
        return id;
    }

    String reasonAndState(String trace) {
        return sql.sql("select reason || ' ' || state from ledger where subject = ?")
                .param(trace)
                .query(String.class)
                .single();
    }

    List<Long> deadIds(String trace) {
        return sql.sql("select id from dead_letter where item_key like ?")
                .param("%:" + trace + ":%")
                .query(Long.class)
                .list();
    }

    Answer send(String trace, String name) {
        Answer answer = client().trace("{\"trace_id\":\"" + trace + "\",\"name\":\"" + name + "\"}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return answer;
    }

    Answer replay(long id) {
        return client().post("/api/v1/dead-letters/" + id + "/replay", "", "X-Shunt-Actor", "anna");
    }

    Answer replayWhenBuried(long id) {
        return await().atMost(SOON).until(() -> replay(id), answer -> answer.status() != 409);
    }

    JsonNode shown(long id) {
        return client().get("/api/v1/dead-letters/" + id).json();
    }

    List<Long> letters(String query) {
        return client().get("/api/v1/dead-letters?" + query)
                .json()
                .valueStream()
                .map(letter -> letter.path("id").asLong())
                .toList();
    }

    void pause(String what) {
        Answer answer = client().post("/api/v1/instance/consumers/trace/" + what, "");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        if (what.equals("pause")) {
            // a fetch that was waiting when the pause came may still take what comes first
            await().pollDelay(Duration.ofMillis(1_500)).until(() -> true);
        }
    }

    void heal() {
        sql.sql("drop trigger if exists fail_named on trace").update();
    }

    void awaitStored(String trace) {
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(sql.sql("select count(*) from ledger where subject = ? and state = 'DONE'")
                                        .param(trace)
                                        .query(Long.class)
                                        .single())
                                .isEqualTo(1));
    }

    List<String> inList(String key) {
        return inRedis(redis -> redis.lrange(key, 0, -1));
    }

    <T> T inRedis(Function<RedisCommands<String, String>, T> work) {
        try (RedisClient redis = RedisClient.create(redisUrl);
                var connection = redis.connect()) {
            return work.apply(connection.sync());
        }
    }
}
