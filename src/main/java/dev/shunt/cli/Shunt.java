package dev.shunt.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The running service as any client sees it: its door and its control API. */
public final class Shunt {

    /** What it runs on. */
    public record Backends(
            String postgres, String redis, String temporal, URI redisUrl, String jdbcUrl, String temporalUi) {}

    /**
     * What the control API answered, whatever its status.
     *
     * @param body of a refusal the problem in words
     */
    public record Answer(int status, JsonNode body) {}

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration LONG_DEADLINE = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final URI base;
    private final @Nullable String token;

    /** @param base without a path */
    public Shunt(URI base) {
        this(base, null);
    }

    /** @param token of the control API; null if it has none */
    Shunt(URI base, @Nullable String token) {
        this.base = base;
        this.token = token;
    }

    URI base() {
        return base;
    }

    public boolean isHealthy() throws InterruptedException {
        try {
            return send(request("/health").GET()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** One trace through the front door; an answer other than 202 is for the caller to judge. */
    public HttpResponse<byte[]> post(String project, byte[] body) throws IOException, InterruptedException {
        return send(request("/v1/traces")
                .header("Content-Type", "application/json")
                .header("X-Project-ID", project)
                .POST(BodyPublishers.ofByteArray(body)));
    }

    Backends backends() throws IOException, InterruptedException {
        JsonNode answer = get("/api/v1/backends");
        return new Backends(
                answer.path("postgres").asString("?"),
                answer.path("redis").asString("?"),
                answer.path("temporal").asString("?"),
                URI.create(answer.path("redisUrl").asString()),
                answer.path("jdbcUrl").asString(),
                answer.path("temporalUi").asString(""));
    }

    /** Why a route takes no traces yet; empty once both do. */
    public String unready() throws IOException, InterruptedException {
        for (var route : get("/api/v1/backends").path("routes").properties()) {
            if (!route.getValue().asString().equals("ready")) {
                return route.getKey() + ": " + route.getValue().asString();
            }
        }
        return "";
    }

    /** Sets the flag; answers what the control API does. */
    public JsonNode setPercentage(int percentage) throws IOException, InterruptedException {
        return control(
                "/api/v1/rollouts/trace/percentage",
                "{\"percentage\": " + percentage + ", \"reason\": \"demo, " + percentage + " %\"}");
    }

    /** Orders how many items are processed a second time, and by which route. */
    JsonNode setShadow(int percentage, String mode) throws IOException, InterruptedException {
        return control(
                "/api/v1/shadow/trace",
                "{\"percentage\": " + percentage + ", \"mode\": \"" + mode + "\", \"reason\": \"demo\"}");
    }

    /** Orders a rollback of everything. */
    public JsonNode rollback() throws IOException, InterruptedException {
        return rollback("demo, rollback in mid-flow");
    }

    /** @param reason without quotes */
    JsonNode rollback(String reason) throws IOException, InterruptedException {
        return control("/api/v1/rollouts/trace/rollback", "{\"reason\": \"" + reason + "\"}");
    }

    /** Orders something that needs no more words than its path. */
    public JsonNode order(String path) throws IOException, InterruptedException {
        return control(path, "{}");
    }

    /**
     * Orders something as somebody; a refusal is for the caller to judge.
     *
     * @param ifMatch the version that was seen, in quotes, or {@code *}
     */
    public Answer order(String path, String actor, String ifMatch, String body)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = send(request(path)
                .header("Content-Type", "application/json")
                .header("X-Shunt-Actor", actor)
                .header("If-Match", ifMatch)
                .POST(BodyPublishers.ofString(body)));
        return new Answer(answer.statusCode(), Recordings.JSON.readTree(answer.body()));
    }

    /** Reads from the control API. */
    public JsonNode get(String path) throws IOException, InterruptedException {
        return json(path, send(request(path).GET()));
    }

    /** Reads something that is no JSON, with more patience than for an order. */
    byte[] read(String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = send(request(path).timeout(LONG_DEADLINE).GET());
        if (answer.statusCode() >= 300) {
            throw new DemoFailure(path + " answered " + answer.statusCode() + ": " + new String(answer.body(), UTF_8));
        }
        return answer.body();
    }

    private JsonNode control(String path, String body) throws IOException, InterruptedException {
        return json(
                path,
                send(request(path)
                        .header("Content-Type", "application/json")
                        .header("X-Shunt-Actor", "demo")
                        .header("If-Match", "*")
                        .POST(BodyPublishers.ofString(body))));
    }

    private static JsonNode json(String path, HttpResponse<byte[]> answer) throws IOException {
        if (answer.statusCode() >= 300) {
            throw new IOException(path + " answered " + answer.statusCode() + ": " + new String(answer.body(), UTF_8));
        }
        return Recordings.JSON.readTree(answer.body());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(DEADLINE);
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }
}
