package dev.shunt.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.bridge.Client.Answer;
import io.lettuce.core.RedisClient;
import java.time.LocalDate;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One rollout from its start to its end, with something of everything beside it: each operation does what it is for. */
final class ApiTour {

    private static final String ROLLOUT = ApiCalls.ROLLOUT;
    private static final String PIN = "{\"reason\": \"they asked\", ";

    private final ApiCalls calls;
    private final Client client;
    private final JdbcClient sql;
    private final String redisUrl;
    private int sent;

    ApiTour(ApiCalls calls, Client client, JdbcClient sql, String redisUrl) {
        this.calls = calls;
        this.client = client;
        this.sql = sql;
        this.redisUrl = redisUrl;
    }

    void everything() {
        calls.get(404, ROLLOUT + "/rollback");
        calls.get(404, ROLLOUT + "/verdict");
        items();
        shadows();
        deadLetters();
        divergences();
        reconciliations();
        workers();
        checks();
        rollout();
        reads();
    }

    private void items() {
        send("described");
        stored("described");
        calls.on(sql.sql("select day from daily_cost_summary limit 1")
                .query(LocalDate.class)
                .single());
    }

    private void send(String id) {
        Answer answer = client.trace("{\"trace_id\":\"" + id + "\",\"name\":\"n\",\"spans\":[{\"span_id\":\"s\","
                + "\"name\":\"s\",\"model\":\"gpt-4o\",\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":1}}]}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    }

    private void stored(String id) {
        await().atMost(RolloutSuite.SOON)
                .until(() -> sql.sql("select count(*) from ledger where subject = ? and state = 'DONE'")
                                .param(id)
                                .query(Long.class)
                                .single()
                        == 1);
    }

    private void shadows() {
        String shadow = "/api/v1/shadow/{workload}";
        calls.call(200, "put", shadow, "{\"percentage\": 100, \"reason\": \"all of it\"}");
        send("described-pair");
        stored("described-pair");
        await().atMost(RolloutSuite.SOON)
                .until(() -> client.get("/api/v1/comparison/trace")
                                .json()
                                .at("/pairs/compared")
                                .asInt()
                        > 0);
        calls.call(200, "post", shadow);
    }

    private void deadLetters() {
        String letters = "/api/v1/dead-letters";
        try (var redis = RedisClient.create(redisUrl);
                var connection = redis.connect()) {
            connection.sync().lpush("cognobserve:traces", "{\"ID\":\"unreadable\",\"ProjectID\":null}");
        }
        calls.use("/dead-letters/{id}", letter("true"));
        calls.call(200, "post", letters + "/replay");
        calls.call(409, "post", letters + "/{id}/replay");
        calls.call(200, "post", letters + "/{id}/discard");
        failing("23514");
        send("poison");
        calls.use("/dead-letters/{id}", letter("item_key like '%:poison:%'"));
        String item = "/api/v1/items/{workload}/{project}/{subject}";
        calls.call(200, "get", item, "/api/v1/items/trace/default/poison", null);
        sql.sql("drop trigger fail on trace").update();
        client.percentage(100);
        Answer sent = await().atMost(RolloutSuite.SOON)
                .until(() -> client.post(calls.filled(letters + "/{id}/replay"), ""), answer -> answer.status() == 200);
        calls.description().see("post", letters + "/{id}/replay", sent.response(), sent.body());
        client.percentage(0);
        stored("poison");
        calls.call(200, "post", letters + "/{id}/replay");
        calls.call(409, "post", letters + "/{id}/discard");
    }

    /** An item that the database refuses for now is tried again. */
    private void retries() {
        failing("57014");
        send("later");
        waiting("/retries/0");
        sql.sql("drop trigger fail on trace").update();
        stored("later");
    }

    private void failing(String state) {
        sql.sql("""
                create or replace function fail() returns trigger language plpgsql as
                    $$ begin raise exception 'as the test wants' using errcode = '%s'; end $$;
                create trigger fail before insert on trace for each row execute function fail()
                """.formatted(state)).update();
    }

    private void waiting(String what) {
        await().atMost(RolloutSuite.SOON)
                .until(() -> calls.get(200, "/api/v1/waiting/{workload}").json().at(what), one -> one.isObject());
    }

    /** What a paused worker had asked for already, it still gets: some more are sent, then one waits. */
    private void waitingFor(String what) {
        await().atMost(RolloutSuite.SOON).until(() -> {
            send("waits-" + sent++);
            return calls.get(200, "/api/v1/waiting/{workload}").json().at(what).isObject();
        });
    }

    private String letter(String which) {
        return await().atMost(RolloutSuite.SOON)
                .until(
                        () -> sql.sql("select id from dead_letter where " + which)
                                .query(String.class)
                                .optional()
                                .orElse(""),
                        id -> !id.isEmpty());
    }

    private void divergences() {
        for (String field : new String[] {"name", "cost"}) {
            calls.use(
                    "/divergences/{id}",
                    sql.sql("""
                    insert into divergence (workload, kind, path, path_pattern, item_key, route, epoch, found_by,
                        expected, actual, expected_route, expected_epoch)
                    values ('trace', 'VALUE', 'spans[s1].' || :field, 'spans[].' || :field, 'p:described:0123456789abcdef',
                        'TEMPORAL', 1, 'SHADOW', '1', '2', 'LEGACY', 1) returning id
                    """)
                            .param("field", field)
                            .query(Long.class)
                            .single()
                            .toString());
        }
        calls.call(200, "post", "/api/v1/divergences/groups/state");
        String rules = "/api/v1/ignore-rules";
        Answer rule = calls.call(201, "post", rules);
        calls.use("/ignore-rules/{id}", rule.json().path("id").asString());
        calls.call(200, "delete", rules + "/{id}");
        rule = calls.call(201, "post", rules);
        calls.use("/ignore-rules/{id}", rule.json().path("id").asString());
    }

    private void reconciliations() {
        String runs = "/api/v1/reconciliations";
        calls.call(409, "post", runs, "{\"workload\": \"trace\", \"repair\": \"APPLY\"}");
        assertThat(sql.sql("update daily_cost_summary set spans = spans + 7").update())
                .isPositive();
        Answer run = calls.call(202, "post", runs);
        calls.use("/reconciliations/{id}", run.json().path("id").asString());
        await().atMost(RolloutSuite.SOON)
                .until(() ->
                        client.get(calls.filled(runs + "/{id}")).text("state").equals("DONE"));
    }

    private void workers() {
        String consumers = "/api/v1/instance/consumers/{workload}/";
        calls.call(200, "post", consumers + "pause");
        waitingFor("/oldestWaiting");
        calls.call(200, "post", consumers + "resume");
        retries();
    }

    private void checks() {
        calls.call(200, "post", ROLLOUT + "/preflight");
        calls.call(200, "post", ROLLOUT + "/probe");
        calls.call(409, "post", ROLLOUT + "/rehearsal");
        calls.call(200, "post", ROLLOUT + "/recall");
    }

    private void rollout() {
        calls.call(409, "post", ROLLOUT + "/promote");
        calls.call(200, "post", ROLLOUT + "/percentage");
        calls.call(200, "post", ROLLOUT + "/start");
        calls.call(409, "post", ROLLOUT + "/percentage", "{\"percentage\": 11, \"reason\": \"too far for the phase\"}");
        calls.call(200, "post", ROLLOUT + "/hold");
        calls.get(200, ROLLOUT);
        calls.call(200, "post", ROLLOUT + "/resume");
        calls.call(200, "post", ROLLOUT + "/pin");
        String key = PIN + "\"key\": \"a:b\", ";
        calls.call(
                200,
                "post",
                ROLLOUT + "/pin",
                key
                        + Objects.requireNonNull(calls.body(ROLLOUT + "/pin", "post"))
                                .replaceAll(".*(?=\"route)", ""));
        calls.get(200, ROLLOUT + "/pins");
        calls.call(200, "post", ROLLOUT + "/pin", key + "\"release\": true}");
        calls.call(200, "post", ROLLOUT + "/rehearsal");
        calls.call(200, "post", ROLLOUT + "/promote");
        calls.get(200, ROLLOUT + "/verdict");
        await().atMost(RolloutSuite.SOON)
                .until(() -> calls.get(200, ROLLOUT).json().at("/verdict/id").isString());
        calls.use(
                "/verdicts/{id}",
                client.get(RolloutSuite.ROLLOUT).json().at("/verdict/id").asString());
        pinned();
        sql.sql("update rollout set waived = '{completion}'").update();
        calls.get(200, ROLLOUT);
        rollback();
        calls.call(200, "post", ROLLOUT + "/start");
        calls.call(200, "post", ROLLOUT + "/promote");
        send("described-late");
        stored("described-late");
        calls.call(200, "post", ROLLOUT + "/complete");
        calls.get(200, ROLLOUT + "/retirement");
        calls.call(200, "post", ROLLOUT + "/rollback");
    }

    private void pinned() {
        Answer answer = client.trace(
                "{\"trace_id\":\"described-pinned\",\"name\":\"n\"}".getBytes(UTF_8), "X-Project-ID", "pinned");
        assertThat(answer.text("route")).as(answer.body()).isEqualTo("LEGACY");
        stored("described-pinned");
        calls.get(200, ROLLOUT + "/pins");
        calls.call(200, "post", ROLLOUT + "/pin", PIN + "\"project\": \"pinned\", \"release\": true}");
    }

    /** With an item in flight, and an instance that does not hear of it. */
    private void rollback() {
        calls.call(200, "post", "/api/v1/instance/temporal/pause");
        waitingFor("/oldestRegistered");
        laggard();
        Answer rollback = calls.call(200, "post", ROLLOUT + "/rollback", "{\"inFlight\": \"wait 1s then recall\"}");
        calls.use("/rollbacks/{id}", rollback.text("id"));
        calls.get(200, ROLLOUT + "/rollback");
        nobodyElse();
        calls.call(200, "post", "/api/v1/instance/temporal/resume");
        await().atMost(RolloutSuite.SOON)
                .until(() -> calls.get(200, ROLLOUT + "/rollback")
                        .json()
                        .path("complete")
                        .asBoolean());
    }

    /** An instance that was alive a moment ago and obeys no order any more. */
    private void laggard() {
        sql.sql("""
                insert into flag_acknowledgement (instance, workload, epoch, held, lease_ms, seen_at, leaseless)
                values ('laggard', 'trace', 1, false, 60000, clock_timestamp(), false)
                """).update();
    }

    private void nobodyElse() {
        sql.sql("delete from flag_acknowledgement where instance = 'laggard'").update();
    }

    private void reads() {
        await().atMost(RolloutSuite.SOON)
                .until(() -> !client.get("/api/v1/comparison/trace")
                        .json()
                        .path("pinned")
                        .isEmpty());
        for (var path : calls.document().path("paths").properties()) {
            if (path.getValue().has("get")) {
                calls.get(200, path.getKey());
            }
        }
        String report = "/api/v1/comparison/{workload}/report";
        for (String format : new String[] {"json", "markdown"}) {
            calls.call(200, "get", report, calls.filled(report) + "?format=" + format, null);
        }
    }
}
