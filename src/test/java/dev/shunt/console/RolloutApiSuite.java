package dev.shunt.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.embedded.TestBackends;
import dev.shunt.rollout.StopsInMemory;
import dev.shunt.rollout.TestControl;
import dev.shunt.routing.TestRouters;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The control API over real HTTP, on real Postgres: one instance whose gates say what a test tells them. */
abstract class RolloutApiSuite {

    static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path data;

    static TestControl instance;
    static ConfigurableApplicationContext open;
    static JdbcClient sql;
    private static TestRouters routers;

    @BeforeAll
    static void start() {
        var source = TestBackends.migratedDatabase();
        sql = JdbcClient.create(source);
        var database = TestRouters.database(source);
        routers = new TestRouters(database, Duration.ofSeconds(5));
        instance = new TestControl(routers, "one", database, new StopsInMemory(), data).started();
        open = ControlSlice.run(instance, Map.of());
    }

    @AfterAll
    static void stop() {
        open.close();
        instance.close();
        routers.close();
    }

    static void assertProblem(HttpResponse<String> answer, int status, String detail) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(json(answer).at("/status").asInt()).isEqualTo(status);
        assertThat(json(answer).at("/detail").asString()).contains(detail);
        assertThat(answer.body()).doesNotContain("Exception");
    }

    static HttpResponse<String> get(String path, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(uri(open, path));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    static HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(uri(open, path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
        if (!java.util.Arrays.asList(headers).contains("If-Match")) {
            request.header("If-Match", "*");
        }
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    static URI uri(ConfigurableApplicationContext context, String path) {
        int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        return URI.create("http://127.0.0.1:" + port + "/api/v1/rollouts" + path);
    }

    static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }
}
