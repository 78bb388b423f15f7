package dev.shunt.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.embedded.TestBackends;
import dev.shunt.oldworker.OldNodeWorker;
import dev.shunt.oldworker.OldTables;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A team keeps its old worker: Shunt stands in front of it, and knows what it did from the rows that it wrote. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "shunt.data=target/external-legacy",
            "shunt.temporal.start-deadline=10s",
            "shunt.temporal.late-start-limit=60s",
            "shunt.legacy.consumer=external",
            "shunt.legacy.queue=old:traces",
            "shunt.external.interval=200ms",
            "shunt.external.grace=2s",
            "shunt.external.trace.schema=old",
            "shunt.external.trace.summary-interval=500ms",
            "shunt.comparison.interval=500ms",
            "shunt.comparison.settle=0s",
            "shunt.comparison.sweep=1s",
            "shunt.comparison.missing-after=4s"
        })
@DirtiesContext
class ExternalLegacyTest {

    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String JDBC_URL = TestBackends.freshJdbcUrl();
    private static final DataSource DATABASE = TestBackends.dataSource(JDBC_URL);

    @LocalServerPort
    private int port;

    @Value("${shunt.redis.url}")
    private String redisUrl;

    @Autowired
    private JdbcClient sql;

    @SuppressWarnings("NullAway.Init") // made for each test
    private OldNodeWorker worker;

    @DynamicPropertySource
    static void backends(DynamicPropertyRegistry registry) {
        OldTables.create(JDBC_URL);
        Backends.register(registry, JDBC_URL, TestBackends.temporalAddress());
    }

    @BeforeEach
    void the_old_worker_is_there() {
        worker = new OldNodeWorker(redisUrl, "old:traces", "cognobserve:dlq", DATABASE, ZoneOffset.UTC);
        new Client(port).percentage(0);
    }

    @AfterEach
    void it_leaves() {
        worker.close();
        sql.sql("truncate divergence").update();
    }

    @Test
    void what_producers_push_is_stored_by_the_old_worker_and_nothing_differs() {
        worker.start();
        List<String> pushed = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            pushed.add(message("p", "pushed-" + i, "s" + i));
        }
        pushed.forEach(this::push);
        Client.Answer answer = new Client(port).trace("""
                        {"trace_id":"door-1","name":"n","session_id":"s","user_id":"u","user":{"name":"Ann","metadata":{"plan":"pro"}},
                        "metadata":{},"spans":[{"span_id":"door-1-a","name":"a","input":{},"output":{},"model":"GPT-4o",
                        "usage":{"prompt_tokens":7,"completion_tokens":0},"level":"whatever","status_message":""}]}""".getBytes(UTF_8), "X-Project-ID", "p");

        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        assertThat(answer.text("route")).isEqualTo("LEGACY");
        await().atMost(SOON).untilAsserted(() -> assertThat(done("p", "LEGACY")).isEqualTo(21));
        assertThat(worker.taken().subList(0, 21)).containsAll(pushed).noneMatch(message -> message.contains("Shunt"));
        await().atMost(SOON).untilAsserted(() -> assertThat(verified()).isEqualTo(21));
        assertThat(divergences("p")).isEmpty();
        assertThat(inFlight("p")).isZero();
        assertThat(new Client(port).get("/api/v1/items/trace/p/door-1").body())
                .contains("a worker outside Shunt", "0.000018");
        assertThat(sql.sql("select count(*) from trace where project_id = 'p'")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void what_the_old_worker_did_otherwise_is_found_with_kind_and_path() {
        while (worker.next(1)) {}
        String at = "2026-11-20";
        push(message("q", "changed", "c1").replace("2026-11-21", at));
        push(message("q", "lost-span", "c2").replace("2026-11-21", at));
        push(message("q", "alike", "c3").replace("2026-11-21", at));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(length("old:traces")).isEqualTo(3));
        // what the worker does from here on goes wrong, in the same moment in which it does it
        sql.sql("""
                create or replace function old.wrong() returns trigger language plpgsql as $$
                begin
                    if new."traceId" = 'lost-span' and new."id" like '%-b' then return null; end if;
                    if new."traceId" = 'changed' and new."id" like '%-a' then
                        new."startTime" = date_trunc('second', new."startTime");
                        new."promptTokens" = nullif(new."promptTokens", 0);
                        new."parentSpanId" = nullif(new."parentSpanId", '');
                        new."metadata" = case when new."metadata" = '{}' then null else new."metadata" end;
                    end if;
                    return new;
                end $$""").update();
        sql.sql("create trigger wrong before insert on old.\"Span\" for each row execute function old.wrong()")
                .update();
        try {
            worker.start();
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(done("q", "LEGACY")).isEqualTo(3));
        } finally {
            sql.sql("drop trigger wrong on old.\"Span\"").update();
        }
        sql.sql("update old.\"Span\" set \"totalCost\" = round(\"totalCost\", 3) where \"id\" = 'c3-a'")
                .update();
        sql.sql("delete from old.cost_daily_summary where \"model\" = '__all__' and \"projectId\" = 'q'")
                .update();

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(divergences("q"))
                        .contains(
                                "VALUE spans[c1-a].start_time",
                                "VALUE spans[c1-a].parent_span_id",
                                "VALUE spans[c1-a].metadata",
                                "MISSING spans[c2-b]",
                                "VALUE spans[c3-a].total_cost",
                                "SUMMARY summaries[q/2026-11-20/__all__]"));
        assertThat(divergences("q"))
                .noneMatch(path -> path.contains("input") && !path.contains("cost"))
                .noneMatch(path -> path.contains("level"));
    }

    @Test
    void what_the_old_worker_gives_up_is_a_dead_letter_and_what_it_loses_is_missing() {
        push(message("nobody", "unknown-project", "d1"));
        push(message("l", "lost", "d2"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(length("old:traces")).isEqualTo(2));
        worker.next(5);
        worker.loseNext();

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(sql.sql(
                                        "select state || ' ' || executed_route from ledger where subject = 'unknown-project'")
                                .query(String.class)
                                .list())
                        .containsExactly("DEAD LEGACY"));
        assertThat(sql.sql("select reason from dead_letter where item_key like 'nobody:unknown-project:%'")
                        .query(String.class)
                        .single())
                .contains("given up by the worker outside");
        await().atMost(SOON).untilAsserted(() -> assertThat(divergences("l")).contains("MISSING item"));
    }

    @Test
    void what_temporal_did_not_take_ends_in_the_old_workers_list() {
        var client = new Client(port);
        client.awaitBothRoutes();
        client.percentage(100);
        push(message("r", "on-temporal", "t1"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(done("r", "TEMPORAL")).isEqualTo(1));
        assertThat(sql.sql("select count(*) from trace where id = 'on-temporal'")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);

        var rollback = client.post("/api/v1/rollouts/trace/rollback", "{\"reason\":\"back to the old worker\"}");
        assertThat(rollback.status()).as(rollback.body()).isEqualTo(200);
        worker.start();
        push(message("r", "after-rollback", "t2"));
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(sql.sql("select count(*) from old.\"Trace\" where \"id\" = 'after-rollback'")
                                        .query(Long.class)
                                        .single())
                                .isEqualTo(1));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(state("after-rollback")).isEqualTo("DONE LEGACY"));
    }

    private static String message(String project, String trace, String span) {
        return """
                {"ID":"%s","ProjectID":"%s","SessionID":"s","UserID":"u","User":{"Name":"Ann","Metadata":{"plan":"pro"}},\
                "Name":"chat","Timestamp":"2026-11-21T12:00:00.123456789Z","Metadata":{"z":1,"a":0.10},"Spans":[\
                {"ID":"%s-a","TraceID":"%s","ParentSpanID":"","Name":"llm","StartTime":"2026-11-21T12:00:00.5004Z",\
                "EndTime":"2026-11-21T14:00:01.25+02:00","Input":{"q":["\\u003cb\\u003e",1.50]},"Output":{},"Metadata":{},\
                "Model":"gpt-4o","ModelParameters":null,"Usage":{"PromptTokens":1001,"CompletionTokens":17,\
                "TotalTokens":null},"Level":2,"StatusMessage":""},\
                {"ID":"%s-b","TraceID":"%s","ParentSpanID":"%s-a","Name":"tool","StartTime":"2026-11-21T12:00:00Z",\
                "EndTime":null,"Input":null,"Output":null,"Metadata":null,"Model":"unheard-of","ModelParameters":{"t":0},\
                "Usage":{"PromptTokens":0,"CompletionTokens":3,"TotalTokens":9},"Level":9,"StatusMessage":null}]}""".formatted(trace, project, span, trace, span, trace, span);
    }

    private void push(String message) {
        try (var redis = RedisClient.create(redisUrl);
                var connection = redis.connect()) {
            connection.sync().lpush("cognobserve:traces", message);
        }
    }

    private long length(String list) {
        try (var redis = RedisClient.create(redisUrl);
                var connection = redis.connect()) {
            return connection.sync().llen(list);
        }
    }

    private long inFlight(String project) {
        try (var redis = RedisClient.create(redisUrl);
                var connection = redis.connect()) {
            return connection.sync().hkeys("shunt:trace:book").stream()
                    .filter(key -> key.startsWith(project + ":"))
                    .count();
        }
    }

    private long done(String project, String executed) {
        return sql.sql("select count(*) from ledger where project_id = ? and executed_route = ? and state = 'DONE'")
                .params(project, executed)
                .query(Long.class)
                .single();
    }

    private String state(String subject) {
        return sql.sql("select state || ' ' || executed_route from ledger where subject = ?")
                .param(subject)
                .query(String.class)
                .list()
                .toString()
                .replaceAll("[\\[\\]]", "");
    }

    private long verified() {
        return sql.sql("select count(*) from ledger where project_id = 'p' and checked_at is not null")
                .query(Long.class)
                .single();
    }

    private List<String> divergences(String project) {
        return sql.sql("""
                        select kind || ' ' || path from divergence
                        where item_key like :project || ':%' or path like '%[' || :project || '/%'
                        """).param("project", project).query(String.class).list();
    }
}
