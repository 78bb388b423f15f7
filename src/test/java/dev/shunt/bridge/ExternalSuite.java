package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.console.Description;
import dev.shunt.embedded.TestBackends;
import dev.shunt.oldworker.OldNodeWorker;
import dev.shunt.oldworker.OldTables;
import dev.shunt.oldworker.Quirk;
import io.lettuce.core.RedisClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** Shunt in front of an old worker that has tables of its own, beside Shunt's in the same database. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "shunt.temporal.start-deadline=10s",
            "shunt.temporal.late-start-limit=60s",
            "shunt.legacy.consumer=external",
            "shunt.legacy.queue=old:traces",
            "shunt.external.interval=200ms",
            "shunt.external.grace=1s",
            "shunt.external.dead-letters=1s",
            "shunt.external.lost-after=12s",
            "shunt.external.trace.schema=old",
            "shunt.external.trace.span.status-message=",
            "shunt.external.trace.summary-interval=500ms",
            "shunt.comparison.interval=500ms",
            "shunt.comparison.settle=0s",
            "shunt.comparison.sweep=1s",
            "shunt.comparison.missing-after=3s",
            "shunt.shadow.pause-above-cpu=100"
        })
@DirtiesContext
abstract class ExternalSuite {

    static final Duration SOON = Duration.ofSeconds(40);
    private static final String QUEUE = "old:traces";
    private static final String GIVEN_UP = "cognobserve:dlq";

    @LocalServerPort
    private int port;

    @Value("${shunt.redis.url}")
    String redisUrl;

    @Value("${spring.datasource.url}")
    String jdbcUrl;

    @Autowired
    JdbcClient sql;

    private @Nullable OldNodeWorker started;

    @DynamicPropertySource
    static void backends(DynamicPropertyRegistry registry) {
        String url = TestBackends.freshJdbcUrl();
        OldTables.create(url);
        Backends.register(registry, url, TestBackends.temporalAddress());
        String data = Path.of(
                        "target", "external-" + url.replaceAll("[?].*", "").replaceAll(".*/", ""))
                .toString();
        registry.add("shunt.data", () -> data);
    }

    @AfterEach
    void the_worker_leaves() {
        if (started != null) {
            started.close();
        }
    }

    Client client() {
        return new Client(port);
    }

    DataSource database() {
        return TestBackends.dataSource(jdbcUrl);
    }

    /** Takes nothing yet. */
    OldNodeWorker worker(ZoneId zone, Quirk... quirks) {
        return new OldNodeWorker(redisUrl, QUEUE, GIVEN_UP, database(), zone, Set.of(quirks));
    }

    /** Works until the test is over. */
    OldNodeWorker start() {
        OldNodeWorker worker = worker(ZoneOffset.UTC);
        started = worker; // closed after the test
        worker.start();
        return worker;
    }

    void projects(String... ids) {
        for (String id : ids) {
            sql.sql("insert into old.\"Project\" (\"id\", \"name\") values (?, ?) on conflict do nothing")
                    .params(id, id)
                    .update();
        }
    }

    /** As its producer pushes it. */
    void push(String message) {
        try (var redis = RedisClient.create(redisUrl);
                var connection = redis.connect()) {
            connection.sync().lpush("cognobserve:traces", message);
        }
    }

    void awaitForwarded(int messages) {
        await().atMost(SOON).until(() -> length() == messages);
    }

    private long length() {
        try (var redis = RedisClient.create(redisUrl);
                var connection = redis.connect()) {
            return connection.sync().llen(QUEUE);
        }
    }

    long inFlight(String project) {
        try (var redis = RedisClient.create(redisUrl);
                var connection = redis.connect()) {
            return connection.sync().hkeys("shunt:trace:book").stream()
                    .filter(key -> key.startsWith(project + ":"))
                    .count();
        }
    }

    long done(String project, String executed) {
        return sql.sql("select count(*) from ledger where project_id = ? and executed_route = ? and state = 'DONE'")
                .params(project, executed)
                .query(Long.class)
                .single();
    }

    String state(String subject) {
        return String.join(
                " and ",
                sql.sql("select state || ' ' || executed_route from ledger where subject = ?")
                        .param(subject)
                        .query(String.class)
                        .list());
    }

    JsonNode status() {
        Client.Answer answer = client().get("/api/v1/external/trace");
        var description = new Description(client().get("/api/v1/openapi.json").json());
        description.see("get", "/api/v1/external/{workload}", answer.response(), answer.body());
        assertThat(description.faults()).isEmpty();
        return answer.json();
    }

    /** {@code mechanism kind path expected actual}. */
    List<String> found(String project) {
        return sql.sql("""
                        select concat_ws(' ', found_by, kind, path, coalesce(expected, 'null'), coalesce(actual, 'null'))
                        from divergence where item_key like :project || ':%' or path like '%[' || :project || '/%'
                        """).param("project", project).query(String.class).list();
    }

    /** {@code kind path} of the same. */
    List<String> paths(String project) {
        return found(project).stream()
                .map(line -> line.split(" ", -1))
                .map(words -> words[1] + " " + words[2])
                .toList();
    }

    /** @param visitors members in front of the name, each with a comma behind it */
    static String trace(String project, String trace, int tokens, String model, String visitors) {
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
}
