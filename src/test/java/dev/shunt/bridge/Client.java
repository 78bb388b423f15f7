package dev.shunt.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

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
import tools.jackson.databind.json.JsonMapper;

/** A client of the service, as far from its code as curl. */
record Client(int port) {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration START = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.shared();

    /** What came back. */
    record Answer(int status, String body, HttpResponse<byte[]> response) {

        JsonNode json() {
            return JSON.readTree(body);
        }

        String text(String member) {
            return json().path(member).asString("");
        }
    }

    Answer trace(String body) {
        return trace(body.getBytes(UTF_8));
    }

    Answer trace(byte[] body, String... headers) {
        HttpRequest.Builder request = request("/v1/traces").POST(BodyPublishers.ofByteArray(body));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    Answer get(String path) {
        return send(request(path).GET());
    }

    Answer post(String path, String json, String... headers) {
        HttpRequest.Builder request =
                request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    /** Any method. */
    Answer send(String path, String method, @Nullable String json, String... headers) {
        var body = json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json);
        HttpRequest.Builder request =
                request(path).setHeader("Content-Type", "application/json").method(method, body);
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return send(request);
    }

    /** As a browser sends a form. */
    Answer form(String path, String fields, String... headers) {
        return send(request(path).POST(BodyPublishers.ofString(fields)).headers(headers));
    }

    void percentage(int percent) {
        Answer answer = post(
                "/api/v1/rollouts/trace/percentage",
                "{\"percentage\": " + percent + ", \"reason\": \"test\"}",
                "If-Match",
                "*");
        if (answer.status() != 200) {
            throw new AssertionError("percentage was refused: " + answer.body());
        }
    }

    /** Temporal is connected some time after the door opens; legacy is there with it. */
    void awaitBothRoutes() {
        await().atMost(START).until(this::temporalIsReady);
    }

    boolean temporalIsReady() {
        return get("/api/v1/backends")
                .json()
                .at("/routes/TEMPORAL")
                .asString("")
                .equals("ready");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30));
    }

    private static Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = HTTP.send(request.build(), BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), new String(response.body(), UTF_8), response);
        } catch (IOException fault) {
            throw new AssertionError("no answer from " + request.build().uri(), fault);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopping);
        }
    }
}
