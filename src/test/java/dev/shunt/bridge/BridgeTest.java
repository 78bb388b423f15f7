package dev.shunt.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.shunt.operations.ProbeServer;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Real traces through both routes into one store. */
class BridgeTest extends BridgeSuite {

    private static final Path SAMPLES = Path.of("src/main/resources/demo/requests.jsonl");

    @Autowired
    private DataSource database;

    @Autowired
    private Flyway flyway;

    @Autowired
    private ProbeServer probes;

    @ParameterizedTest
    @CsvSource({"0, LEGACY", "100, TEMPORAL"})
    void every_recorded_request_is_stored_once_and_answered_the_same_again(int percent, String route)
            throws IOException {
        client().percentage(percent);
        String project = "samples-" + percent;
        List<String> samples = Files.readAllLines(SAMPLES);

        List<Client.Answer> first =
                samples.stream().map(body -> send(project, body)).toList();
        assertThat(first).allSatisfy(answer -> {
            assertThat(answer.status()).as(answer.body()).isEqualTo(202);
            assertThat(answer.text("route")).isEqualTo(route);
            assertThat(answer.text("workflow_id").isEmpty()).isEqualTo(route.equals("LEGACY"));
        });
        await().atMost(SOON).untilAsserted(() -> assertThat(done(project)).isEqualTo(samples.size()));
        long spans = count("span", project);

        List<Client.Answer> second =
                samples.stream().map(body -> send(project, body)).toList();
        for (int i = 0; i < samples.size(); i++) {
            assertThat(second.get(i).json().path("span_ids"))
                    .isEqualTo(first.get(i).json().path("span_ids"));
            assertThat(second.get(i).text("trace_id")).isEqualTo(first.get(i).text("trace_id"));
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(inFlight()).isZero());
        assertThat(count("span", project)).isEqualTo(spans);
        assertThat(done(project)).isEqualTo(samples.size());
        assertThat(sql.sql("select count(*) from ledger where project_id = ? and decided_route <> ?")
                        .params(project, route)
                        .query(Long.class)
                        .single())
                .isZero();
        noDivergence();
    }

    @Test
    void a_silent_database_holds_no_pooled_connection_for_long_and_migrations_use_none() throws SQLException {
        var pool = database.unwrap(HikariDataSource.class);
        assertThat(Integer.parseInt(pool.getDataSourceProperties().getProperty("socketTimeout")))
                .isBetween(5, 30);
        assertThat(flyway.getConfiguration().getDataSource()).isNotSameAs(database);

        var hasty = new HikariConfig(); // the service's own pool, with less patience
        pool.copyStateTo(hasty);
        hasty.setPoolName("hasty");
        hasty.addDataSourceProperty("socketTimeout", "1");
        try (var apart = new HikariDataSource(hasty);
                Connection connection = apart.getConnection();
                Statement statement = connection.createStatement()) {
            String server = text(statement, "select pg_backend_pid()");
            assertThatThrownBy(() -> statement.execute("select pg_sleep(5)")).hasMessageContaining("I/O error");
            try (Connection next = apart.getConnection();
                    Statement again = next.createStatement()) {
                assertThat(text(again, "select pg_backend_pid()")).isNotEqualTo(server);
            }
        }
    }

    private static String text(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void a_pushed_message_ends_as_the_same_rows_as_the_equivalent_request() throws IOException {
        String body = """
                {"trace_id":"same","name":"same","session_id":"s","user_id":"u","user":{"name":"Ann"},"metadata":{"a":0.10},
                "spans":[{"span_id":"1","name":"chat","start_time":"2026-11-21T20:00:00.123456+02:00",
                "end_time":"2026-11-21T20:00:01+02:00","input":{"n":12345678901234567890},"output":{},"model":" GPT-4o ",
                "usage":{"prompt_tokens":3,"completion_tokens":0},"level":"ERROR","status_message":""}]}
                """;
        String message = """
                {"ID":"same","ProjectID":"pushed","SessionID":"s","UserID":"u","User":{"Name":"Ann"},"Name":"same",\
                "Timestamp":"2026-11-21T18:00:00Z","Metadata":{"a":0.10},"Spans":[{"ID":"1","TraceID":"same",\
                "ParentSpanID":null,"Name":"chat","StartTime":"2026-11-21T20:00:00.123456+02:00",\
                "EndTime":"2026-11-21T20:00:01+02:00","Input":{"n":12345678901234567890},"Output":{},"Metadata":null,\
                "Model":" GPT-4o ","ModelParameters":null,"Usage":{"PromptTokens":3,"CompletionTokens":0,\
                "TotalTokens":null},"Level":4,"StatusMessage":""}]}""";

        assertThat(send("posted", body).status()).isEqualTo(202);
        push(message);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(done("pushed") + done("posted")).isEqualTo(2));

        assertThat(rows("pushed")).isEqualTo(rows("posted"));
        noDivergence();
    }

    @Test
    void a_message_that_cannot_be_decoded_goes_unchanged_to_the_dead_letter_list() {
        String garbage = "{\"ID\": garbage \u00e9";
        push(garbage);

        try (RedisClient redis = RedisClient.create(redisUrl);
                var connection = redis.connect()) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(connection.sync().lrange("cognobserve:dlq", 0, -1))
                            .contains(garbage));
        }
        assertThat(sql.sql("select reason from dead_letter where raw = ?")
                        .param(garbage.getBytes(UTF_8))
                        .query(String.class)
                        .single())
                .contains("not JSON");
    }

    @Test
    void a_change_by_plain_sql_is_obeyed_without_a_restart() {
        assertThat(send("flag", "{\"name\":\"before\"}").text("route")).isEqualTo("LEGACY");

        sql.sql("update ff4j_features set expression = 'bp=10000' where feat_uid = 'trace-to-temporal'")
                .update();
        long committed = System.nanoTime();

        await().pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(5))
                .until(() -> send("flag", "{\"name\":\"after\"}").text("route").equals("TEMPORAL"));
        System.out.println("SQL change of the flag obeyed after "
                + Duration.ofNanos(System.nanoTime() - committed).toMillis() + " ms, request included");
    }

    @Test
    void fragments_of_one_trace_keep_one_decision_and_merge() {
        client().percentage(50);
        for (int trace = 0; trace < 20; trace++) {
            for (String span : List.of("a", "b", "c")) {
                send(
                        "fragments",
                        "{\"trace_id\":\"fragmented-" + trace + "\",\"name\":\"n\",\"spans\":[{\"span_id\":\"" + span
                                + "\",\"name\":\"s\"}]}");
            }
        }

        await().atMost(SOON).untilAsserted(() -> assertThat(done("fragments")).isEqualTo(60));
        assertThat(count("span", "fragments")).isEqualTo(60);
        assertThat(count("trace", "fragments")).isEqualTo(20);
        // Where it ran may differ: a start that took too long fell back. What was decided may not.
        assertThat(sql.sql("select subject from ledger where project_id = 'fragments' group by subject"
                                + " having count(distinct decided_route) > 1")
                        .query(String.class)
                        .list())
                .isEmpty();
    }

    @Test
    void an_item_says_where_it_ran_and_why() {
        client().percentage(100);
        assertThat(send("story", "{\"name\":\"n\",\"trace_id\":\"told\",\"spans\":[{\"name\":\"s\"}]}")
                        .status())
                .isEqualTo(202);
        await().atMost(SOON).untilAsserted(() -> assertThat(done("story")).isEqualTo(1));

        Client.Answer item = client().get("/api/v1/items/trace/story/told");
        assertThat(item.status()).as(item.body()).isEqualTo(200);
        assertThat(item.body()).contains("TEMPORAL", "< 10000", "trace:story:told:");
        assertThat(client().get("/api/v1/items/trace/story/unknown").status()).isEqualTo(404);
    }

    @Test
    void a_repeated_item_gets_the_answer_of_its_first_time_although_the_flag_says_legacy_now() throws SQLException {
        String body = "{\"name\":\"n\",\"trace_id\":\"repeated\"}";
        client().percentage(100);
        try (Connection lock = database.getConnection()) {
            lock.setAutoCommit(false);
            lock.createStatement().execute("lock table ledger in exclusive mode"); // the first one cannot be done yet
            Client.Answer first = send("again", body);
            assertThat(first.text("workflow_id")).startsWith("trace:again:repeated:");

            client().percentage(0);
            Client.Answer second = send("again", body);
            assertThat(second.status()).isEqualTo(202);
            assertThat(second.body()).isEqualTo(first.body());
            lock.rollback();
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(inFlight()).isZero());
        assertThat(count("trace", "again")).isEqualTo(1);
        assertThat(sql.sql("select state || ' ' || decided_route from ledger where project_id = 'again'")
                        .query(String.class)
                        .list())
                .containsExactly("DONE TEMPORAL");
    }

    @Test
    void every_metric_is_in_the_document_and_the_document_has_no_other() throws IOException {
        client().percentage(100);
        send("scraped", "{\"name\":\"n\",\"spans\":[{\"name\":\"s\"}]}");
        client().percentage(0);
        send("scraped", "{\"name\":\"n\",\"spans\":[{\"name\":\"s\"}]}");
        Map<String, MetricsDocument.Metric> documented = MetricsDocument.read();
        assertThat(documented).hasSizeGreaterThan(60);

        await().atMost(SOON).untilAsserted(() -> {
            String scrape = new Client(probes.metricsPort()).get("/metrics").body();
            Map<String, MetricsDocument.Metric> scraped = MetricsDocument.of(scrape);
            assertThat(scraped.keySet()).containsAll(documented.keySet());
            documented.forEach((name, metric) -> {
                MetricsDocument.Metric there = Objects.requireNonNull(scraped.get(name));
                assertThat(there.type()).as(name).isEqualTo(metric.type());
                if (name.startsWith("shunt_")) {
                    assertThat(there.labels()).as(name).isEqualTo(metric.labels());
                } else {
                    assertThat(there.labels()).as(name).containsAll(metric.labels());
                }
            });
            assertThat(scraped.keySet().stream().filter(name -> name.startsWith("shunt_")))
                    .allSatisfy(name -> assertThat(documented).containsKey(name));
            assertThat(scrape).contains("shunt_completed_total{route=\"TEMPORAL\",way_in=\"HTTP\",workload=\"trace\"}");
            // no label value of an item, ever
            assertThat(scrape).doesNotContain("scraped");
        });
    }

    @Test
    void an_item_sent_again_after_its_end_is_counted_as_repeated_and_not_as_completed() {
        client().percentage(0);
        sendAgainUntilCounted();
        double completed = legacyItems("shunt_completed_total{");
        sendAgainUntilCounted();
        assertThat(legacyItems("shunt_completed_total{")).isEqualTo(completed);
    }

    private void sendAgainUntilCounted() {
        double before = legacyItems("shunt_repeated_total{");
        await().atMost(SOON).untilAsserted(() -> {
            send("again", "{\"trace_id\":\"sent-again\",\"name\":\"n\"}");
            assertThat(legacyItems("shunt_repeated_total{")).isGreaterThan(before);
        });
    }

    private double legacyItems(String series) {
        return new Client(probes.metricsPort())
                .get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(series) && line.contains("route=\"LEGACY\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void probes_are_answered_on_a_port_of_their_own() {
        Client client = new Client(probes.port());
        String roles = "\"roles\":\"ingest,legacy-consumer,temporal-worker,controller,console\"";
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(client.get("/ready").status()).isEqualTo(200);
            assertThat(client.get("/ready").body())
                    .isEqualTo("{\"status\":\"ready\",\"service\":\"shunt\"," + roles + "}");
        });
        assertThat(client.get("/health").body())
                .isEqualTo("{\"status\":\"healthy\",\"service\":\"shunt\"," + roles + "}");
        assertThat(client.get("/healthy").status()).isEqualTo(404);
        assertThat(client.post("/health", "{}").status()).isEqualTo(405);
    }

    private void push(String message) {
        try (RedisClient redis = RedisClient.create(redisUrl);
                var connection = redis.connect()) {
            connection.sync().lpush("cognobserve:traces", message);
        }
    }

    private long done(String project) {
        return sql.sql("select count(*) from ledger where project_id = ? and state = 'DONE'")
                .param(project)
                .query(Long.class)
                .single();
    }

    private long count(String table, String project) {
        return sql.sql("select count(*) from " + table + " where project_id = ?")
                .param(project)
                .query(Long.class)
                .single();
    }

    private long inFlight() {
        try (RedisClient redis = RedisClient.create(redisUrl);
                var connection = redis.connect()) {
            return connection.sync().hlen("shunt:trace:book");
        }
    }

    private List<Map<String, Object>> rows(String project) {
        return sql.sql("""
                        select t.id, t.name, t.session_id, t.user_id, t.metadata::text as trace_metadata, s.id as span, s.name as span_name,
                            s.start_time, s.end_time, s.input::text as input, s.output::text as output,
                            s.metadata::text as metadata, s.model, s.prompt_tokens, s.completion_tokens, s.total_tokens,
                            s.level, s.status_message, s.price_state, s.total_cost, s.summary_model, s.client_digest,
                            u.name as user_name, e.user_id as session_user
                        from trace t join span s on s.project_id = t.project_id and s.trace_id = t.id
                            join tracked_user u on u.project_id = t.project_id and u.id = t.user_id
                            join session e on e.project_id = t.project_id and e.id = t.session_id
                        where t.project_id = ?
                        """).param(project).query().listOfRows();
    }

    private void noDivergence() {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                sql.sql("select count(*) from ledger where checked_at is null and state = 'DONE'")
                                        .query(Long.class)
                                        .single())
                        .isZero());
        assertThat(sql.sql("select kind, path, expected, actual from divergence")
                        .query()
                        .listOfRows())
                .isEmpty();
    }
}
