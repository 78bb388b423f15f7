package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.embedded.TestBackends;
import dev.shunt.oldworker.OldNodeWorker;
import dev.shunt.oldworker.OldTables;
import dev.shunt.oldworker.Quirk;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** Temporal processes apart what an old worker has stored, and both results are compared field by field. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "shunt.data=target/external-pairs",
            "shunt.workloads.trace.task-queue=shunt-trace-external-pairs",
            "shunt.temporal.start-deadline=10s",
            "shunt.temporal.late-start-limit=60s",
            "shunt.legacy.consumer=external",
            "shunt.legacy.queue=old:traces",
            "shunt.external.interval=200ms",
            "shunt.external.grace=1s",
            "shunt.external.trace.schema=old",
            "shunt.external.trace.span.status-message=",
            "shunt.external.trace.summary-interval=500ms",
            "shunt.comparison.interval=500ms",
            "shunt.comparison.settle=0s",
            "shunt.comparison.sweep=1s",
            "shunt.comparison.missing-after=2s",
            "shunt.shadow.pause-above-cpu=100"
        })
@DirtiesContext
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ExternalPairsTest {

    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String JDBC_URL = TestBackends.freshJdbcUrl();
    private static final DataSource DATABASE = TestBackends.dataSource(JDBC_URL);

    @LocalServerPort
    private int port;

    @Value("${shunt.redis.url}")
    private String redisUrl;

    @Autowired
    private JdbcClient sql;

    private @Nullable OldNodeWorker worker;
    private @Nullable Process process;

    @DynamicPropertySource
    static void backends(DynamicPropertyRegistry registry) {
        OldTables.create(JDBC_URL);
        Backends.register(registry, JDBC_URL, TestBackends.temporalAddress());
    }

    @BeforeEach
    void everything_is_processed_twice() {
        new Client(port).awaitBothRoutes();
        new Client(port).percentage(0);
        var order = new Client(port)
                .post("/api/v1/shadow/trace", "{\"percentage\":100,\"mode\":\"OTHER_ROUTE\",\"reason\":\"test\"}");
        assertThat(order.status()).as(order.body()).isEqualTo(200);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(sql.sql("select to_regnamespace('shunt_shadow') is not null")
                                .query(Boolean.class)
                                .single())
                        .isTrue());
    }

    @AfterEach
    void the_worker_leaves() {
        if (worker != null) {
            worker.close();
        }
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    @Order(1)
    void while_the_old_tables_cannot_be_read_nothing_is_missing_and_nothing_is_proven() {
        projects("n");
        OldNodeWorker slow = worker();
        push(trace("n", "unread", 10, "gpt-4o", ""));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(length("old:traces")).isEqualTo(1));
        sql.sql("alter table old.\"Trace\" rename to gone").update();
        byte[] inHand = slow.loseNext();
        try {
            await().atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(status().path("notKnown").toString()).contains("n:unread:"));
            JsonNode report = new Client(port)
                    .get("/api/v1/comparison/trace/report?format=json")
                    .json();
            assertThat(report.at("/verdict/word").asString("")).isEqualTo("INCONCLUSIVE");
            assertThat(report.at("/verdict/because").toString())
                    .contains("what the worker outside did is not known", "must name a table, was 'Trace'");
        } finally {
            sql.sql("alter table old.gone rename to \"Trace\"").update();
        }
        slow.handle(inHand);
        slow.close();

        await().atMost(SOON).untilAsserted(() -> assertThat(done("n")).isEqualTo(1));
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(status().path("problem").asString("none")).isEqualTo("none"));
        assertThat(found("n")).isEmpty();
    }

    @Test
    @Order(2)
    void pairs_of_what_the_old_worker_stored_are_equal_where_both_do_the_same() {
        start(worker());
        long before = pairs().path("compared").asLong();
        for (int i = 0; i < 12; i++) {
            push(trace(
                    "p",
                    "alike-" + i,
                    7 + i,
                    "gpt-4o",
                    "\"SessionID\":\"s" + i / 3 + "\",\"UserID\":\"u" + i % 2 + "\","));
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(done("p")).isEqualTo(12));

        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(pairs().path("compared").asLong() - before).isEqualTo(12));
        assertThat(found("p")).isEmpty();
        assertThat(pairs().path("routes").toString()).contains("\"primary\":\"LEGACY\",\"shadow\":\"TEMPORAL\"");
        assertThat(status().path("notCompared").toString()).isEqualTo("[\"spans[].status_message\"]");
        assertThat(new Client(port)
                        .get("/api/v1/comparison/trace/report?format=markdown")
                        .body())
                .contains("not compared: spans[].status_message");
        assertThat(sql.sql("select count(*) from shunt_shadow.trace")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    @Order(3)
    void what_the_old_worker_does_otherwise_than_temporal_is_seen_with_both_values() {
        start(worker());
        projects("d09", "d10", "d19", "unpriced", "numbers");
        push(trace("d09", "t1", 10, "gpt-4o", "").replace("\"TotalTokens\":null", "\"TotalTokens\":9000"));
        push(trace("d10", "t2", 10, "gpt-4o", "")
                .replace("2026-11-20T12:00:01Z", "2026-11-19T12:00:01Z")
                .replace("\"PromptTokens\":0", "\"PromptTokens\":5"));
        push(trace("d19", "t3", 10, " GPT-4o ", ""));
        push(trace("unpriced", "t4", 10, "unheard-of", ""));
        push(trace("numbers", "t5", 10, "gpt-4o", "").replace("\"a\":0.10", "\"a\":12345678901234567890"));

        seen("d09", "SHADOW VALUE summaries[2026-11-20/gpt-4o].total_tokens 27 18000");
        seen("d10", "RECONCILIATION SUMMARY summaries[d10/2026-11-20/__all__].spans 1 2");
        seen("d19", "SHADOW MISSING summaries[2026-11-20/ gpt-4o ]", "SHADOW EXTRA summaries[2026-11-20/gpt-4o]");
        seen("unpriced", "SHADOW EXTRA summaries[2026-11-20/unheard-of]");
        seen("numbers", "SHADOW VALUE trace.metadata.a 12345678901234567000 12345678901234567890");
        for (String project : List.of("d09", "d19", "unpriced")) {
            assertThat(found(project)).as(project).allMatch(line -> line.contains("summaries["));
        }
    }

    @Test
    @Order(4)
    void a_worker_that_is_wrong_by_itself_is_seen_by_pairs_and_by_its_rows() {
        projects("float", "ignored", "unlinked", "tokyo");
        String visitors = "\"SessionID\":\"s\",\"UserID\":\"u\",";
        handled(trace("float", "f1", 93, "gpt-4o", ""), ZoneOffset.UTC, Quirk.FLOAT_COSTS);
        handled(trace("ignored", "i1", 10, "gpt-4o", visitors), ZoneOffset.UTC, Quirk.USER_IGNORED);
        handled(trace("unlinked", "l1", 10, "gpt-4o", visitors), ZoneOffset.UTC, Quirk.SESSION_WITHOUT_USER);
        handled(trace("tokyo", "k1", 10, "gpt-4o", "").replace("T12:00:00Z", "T20:00:00Z"), ZoneId.of("Asia/Tokyo"));

        seen(
                "float",
                "SHADOW VALUE spans[f1-a].input_cost 0.000232 0.000233",
                "RECONCILIATION VALUE spans[f1-a].input_cost 0.000233 0.000232");
        seen(
                "ignored",
                "SHADOW VALUE trace.user_id null u",
                "SHADOW VALUE session.user_id null u",
                "SHADOW EXTRA user null u",
                "RECONCILIATION VALUE user_id");
        seen(
                "unlinked",
                "SHADOW VALUE session.user_id null u",
                "RECONCILIATION VALUE sessions[unlinked/s].user_id u null");
        seen("tokyo", "RECONCILIATION SUMMARY summaries[tokyo/2026-11-20/gpt-4o]");
    }

    @Test
    @Order(5)
    void what_a_killed_worker_had_in_hand_is_missing_by_its_key_and_nothing_else_is() throws Exception {
        projects("killed");
        process = spawn();
        push(trace("killed", "before", 10, "gpt-4o", ""));
        await().atMost(SOON).untilAsserted(() -> assertThat(done("killed")).isEqualTo(1));
        try (Connection lock = DATABASE.getConnection();
                Statement statement = lock.createStatement()) {
            lock.setAutoCommit(false);
            statement.execute("lock table old.\"Trace\" in exclusive mode");
            IntStream.of(1, 2, 3)
                    .forEach(i -> push(trace(
                            "killed",
                            "after-" + i,
                            10,
                            "gpt-4o",
                            "\"SessionID\":\"s" + i + "\",\"UserID\":\"u" + i + "\",")));
            await().atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(sql.sql("""
                                    select count(*) from pg_locks l join pg_database d on d.oid = l.database
                                    where not l.granted and d.datname = current_database()
                                    """).query(Long.class).single()).isEqualTo(1));
            process.destroyForcibly().waitFor(); // kill -9, between the session's commit and the trace's
            lock.rollback();
        }
        start(worker());

        await().atMost(SOON).untilAsserted(() -> assertThat(done("killed")).isEqualTo(3));
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(found("killed")).singleElement().asString().startsWith("CONSERVATION MISSING item"));
        assertThat(new Client(port).get("/api/v1/comparison/trace").json().at("/conservation/missing"))
                .singleElement()
                .extracting(key -> key.asString(""))
                .asString()
                .startsWith("killed:after-1:");
        assertThat(sql.sql("select count(*) from old.trace_sessions where \"projectId\" = 'killed'")
                        .query(Long.class)
                        .single())
                .as("the session of the lost trace stays behind, as with the old worker (D-08)")
                .isEqualTo(3);
    }

    private OldNodeWorker worker() {
        return new OldNodeWorker(redisUrl, "old:traces", "cognobserve:dlq", DATABASE, ZoneOffset.UTC, Set.of());
    }

    private void handled(String message, ZoneId zone, Quirk... quirks) {
        push(message);
        try (var one = new OldNodeWorker(redisUrl, "old:traces", "cognobserve:dlq", DATABASE, zone, Set.of(quirks))) {
            assertThat(one.next(20)).isTrue();
        }
    }

    private void start(OldNodeWorker started) {
        worker = started; // closed after the test
        started.start();
    }

    private Process spawn() throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OldNodeWorker.class.getName(),
                        redisUrl,
                        "old:traces",
                        "cognobserve:dlq",
                        JDBC_URL)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private void projects(String... ids) {
        for (String id : ids) {
            sql.sql("insert into old.\"Project\" (\"id\", \"name\") values (?, ?) on conflict do nothing")
                    .params(id, id)
                    .update();
        }
    }

    /** @param visitors members in front of the name, each with a comma behind it */
    private static String trace(String project, String trace, int tokens, String model, String visitors) {
        return """
                {"ID":"%1$s","ProjectID":"%2$s",%3$s"Name":"chat","Timestamp":"2026-11-20T12:00:00.123456789Z",\
                "Metadata":{"z":1,"a":0.10},"Spans":[\
                {"ID":"%1$s-a","TraceID":"%1$s","ParentSpanID":"","Name":"llm","StartTime":"2026-11-20T12:00:00Z",\
                "EndTime":"2026-11-20T14:00:01.2504+02:00","Input":{"q":["\\u003cb\\u003e",1.50]},"Output":{},"Metadata":{},\
                "Model":"%4$s","ModelParameters":{"t":0.7},"Usage":{"PromptTokens":%5$d,"CompletionTokens":17,\
                "TotalTokens":null},"Level":2,"StatusMessage":"not kept outside"},\
                {"ID":"%1$s-b","TraceID":"%1$s","ParentSpanID":"%1$s-a","Name":"b","StartTime":"2026-11-20T12:00:01Z",\
                "EndTime":null,"Input":null,"Output":null,"Metadata":null,"Model":"%4$s","ModelParameters":null,\
                "Usage":{"PromptTokens":0,"CompletionTokens":0,"TotalTokens":null},"Level":9,"StatusMessage":null}]}""".formatted(trace, project, visitors, model, tokens);
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

    private JsonNode pairs() {
        return new Client(port).get("/api/v1/comparison/trace").json().path("pairs");
    }

    private JsonNode status() {
        return new Client(port).get("/api/v1/external/trace").json();
    }

    private long done(String project) {
        return sql.sql(
                        "select count(*) from ledger where project_id = ? and executed_route = 'LEGACY' and state = 'DONE'")
                .param(project)
                .query(Long.class)
                .single();
    }

    private void seen(String project, String... lines) {
        await().atMost(SOON).untilAsserted(() -> {
            List<String> found = found(project);
            for (String line : lines) {
                assertThat(found).as(project).anyMatch(one -> one.startsWith(line));
            }
        });
    }

    /** {@code mechanism kind path expected actual}. */
    private List<String> found(String project) {
        return sql.sql("""
                        select concat_ws(' ', found_by, kind, path, coalesce(expected, 'null'), coalesce(actual, 'null'))
                        from divergence where item_key like :project || ':%' or path like '%[' || :project || '/%'
                        """).param("project", project).query(String.class).list();
    }
}
