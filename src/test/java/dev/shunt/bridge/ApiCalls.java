package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.bridge.Client.Answer;
import dev.shunt.console.Description;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Calls operations by the path that describes them, and holds each answer against the description. */
final class ApiCalls {

    static final String ROLLOUT = "/api/v1/rollouts/{workload}";
    static final String BECAUSE = "{\"reason\": \"a test wants it so\"}";
    private static final String INSISTING = "{\"reason\": \"a test wants it so\", \"override\": true}";

    /** What an order is sent with when its body is not the point. */
    private static final Map<String, String> BODIES = Map.of(
            ROLLOUT + "/percentage",
            "{\"percentage\": 5, \"reason\": \"a test wants it so\", \"override\": true}",
            ROLLOUT + "/pin",
            "{\"project\": \"pinned\", \"reason\": \"they asked\", \"route\": \"legacy\", \"until\": \"" + tomorrow()
                    + "\"}",
            "/api/v1/shadow/{workload}",
            "{\"percentage\": 0, \"reason\": \"a test wants it so\"}",
            "/api/v1/dead-letters/replay",
            "{\"workload\": \"trace\"}",
            "/api/v1/divergences/groups/state",
            "{\"workload\": \"trace\", \"kind\": \"VALUE\", \"path\": \"spans[].name\", \"state\": \"ACCEPTED\","
                    + " \"reason\": \"anna looks into it\"}",
            "/api/v1/ignore-rules",
            "{\"workload\": \"trace\", \"path\": \"spans[].cost\", \"kind\": \"VALUE\", \"absoluteTolerance\": 1000,"
                    + " \"owner\": \"anna\", \"reason\": \"known\", \"expiresAt\": \"" + tomorrow() + "\"}",
            "/api/v1/reconciliations",
            "{\"workload\": \"trace\", \"repair\": \"DRY_RUN\"}",
            ROLLOUT + "/rollback",
            BECAUSE,
            ROLLOUT + "/recall",
            BECAUSE,
            ROLLOUT + "/rehearsal",
            BECAUSE);

    private final Client client;
    private final JsonNode document;
    private final Description description;
    private final Map<String, String> ids = new HashMap<>();
    private LocalDate day = LocalDate.now(ZoneOffset.UTC);

    ApiCalls(Client client) {
        this.client = client;
        this.document = client.get("/api/v1/openapi.json").json();
        this.description = new Description(document);
    }

    JsonNode document() {
        return document;
    }

    Description description() {
        return description;
    }

    /** From now on paths that end with this have that id. */
    void use(String path, String id) {
        ids.put(path, id);
    }

    /** From now on days are this one. */
    void on(LocalDate that) {
        day = that;
    }

    /** As it should be called. */
    Answer call(int status, String method, String path) {
        return call(status, method, path, body(path, method));
    }

    Answer get(int status, String path) {
        return call(status, "get", path, null);
    }

    Answer call(int status, String method, String path, @Nullable String body) {
        return call(status, method, path, filled(path), body, "If-Match", "*");
    }

    /**
     * @param path as it is described
     * @param address that it has
     */
    Answer call(int status, String method, String path, String address, @Nullable String body, String... headers) {
        Answer answer = client.send(address, method.toUpperCase(Locale.ROOT), body, headers);
        assertThat(answer.status())
                .as("%s %s: %s", method, address, answer.body())
                .isEqualTo(status);
        description.see(method, path, answer.response(), answer.body());
        return answer;
    }

    @Nullable
    String body(String path, String method) {
        JsonNode taken = document.path("paths").path(path).path(method).path("requestBody");
        return taken.isMissingNode()
                ? null
                : BODIES.getOrDefault(path, path.contains("dead-letters") ? BECAUSE : INSISTING);
    }

    String filled(String path) {
        String filled = path;
        for (var id : ids.entrySet()) {
            if (path.contains(id.getKey())) {
                filled = filled.replace("{id}", id.getValue());
            }
        }
        return filled.replace("{workload}", "trace")
                .replace("{project}", "default")
                .replace("{subject}", "described")
                .replace("{day}", day.toString())
                .replace("{id}", "1");
    }

    private static Instant tomorrow() {
        return Instant.now().plus(1, ChronoUnit.DAYS);
    }
}
