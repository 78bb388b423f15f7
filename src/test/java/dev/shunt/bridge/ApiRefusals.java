package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Asks every operation for what it must refuse, whatever the rollout is doing: nothing of this is carried out. */
final class ApiRefusals {

    private static final String KEY = "Idempotency-Key";
    private static final String NOBODY_KNOWS = "999999999";

    /** Parameters of queries that may be any text. */
    private static final Set<String> ANY_TEXT = Set.of("workload", "reason", "path", "item");

    private final ApiCalls calls;
    private final JdbcClient sql;
    private int keys;

    ApiRefusals(ApiCalls calls, JdbcClient sql) {
        this.calls = calls;
        this.sql = sql;
    }

    void everything() {
        int operations = 0;
        for (var path : calls.document().path("paths").properties()) {
            for (var method : path.getValue().properties()) {
                var operation = new Operation(method.getKey(), path.getKey(), method.getValue());
                strangers(operation);
                malformed(operation);
                unknown(operation);
                otherVersions(operation);
                keys(operation);
                operations++;
            }
        }
        assertThat(operations).isGreaterThan(40);
    }

    private record Operation(String method, String path, JsonNode described) {

        List<String> parameters(String place) {
            return described
                    .path("parameters")
                    .valueStream()
                    .filter(one -> one.path("in").asString().equals(place))
                    .map(one -> one.path("name").asString())
                    .toList();
        }

        boolean takes(String header) {
            return parameters("header").contains(header);
        }

        boolean idIsNumber() {
            return described
                    .path("parameters")
                    .valueStream()
                    .anyMatch(one -> one.path("name").asString().equals("id")
                            && one.at("/schema/type").asString().equals("integer"));
        }

        boolean takesBody() {
            return described.has("requestBody");
        }
    }

    private void strangers(Operation operation) {
        String address = calls.filled(operation.path());
        refused(403, operation, address, body(operation), "X-Forwarded-For", "203.0.113.7");
    }

    private void malformed(Operation operation) {
        String address = calls.filled(operation.path());
        if (operation.takesBody()) {
            refused(400, operation, address, "{\"nonsense\": 1}", "If-Match", "*");
            refused(400, operation, address, "[1]", "If-Match", "*");
            refused(415, operation, address, "reason=why", "Content-Type", "text/plain");
        }
        if (operation.takes("X-Shunt-Actor")) {
            refused(400, operation, address, body(operation), "If-Match", "*", "X-Shunt-Actor", "a".repeat(129));
        }
        if (operation.takes("If-Match")) {
            refused(400, operation, address, body(operation), "If-Match", "seven");
        }
        for (String name : operation.parameters("query")) {
            if (!ANY_TEXT.contains(name)) {
                refused(400, operation, address + "?" + name + "=nonsense", null);
            }
        }
        if (operation.path().contains("/{day}")) {
            refused(
                    400,
                    operation,
                    operation
                            .path()
                            .replace("{workload}", "trace")
                            .replace("{day}", "monday")
                            .replace("{project}", "default"),
                    null);
        }
        if (operation.path().endsWith("/{subject}")) {
            refused(400, operation, address.replaceAll("[^/]+$", ""), null);
        }
        if (operation.idIsNumber()) {
            refused(400, operation, operation.path().replace("{id}", "seven"), body(operation));
        }
    }

    private void unknown(Operation operation) {
        String body = body(operation);
        String nowhere = body == null ? null : body.replace("\"workload\": \"trace\"", "\"workload\": \"nowhere\"");
        String address = operation
                .path()
                .replace("{workload}", "nowhere")
                .replace("{project}", "default")
                .replace("{subject}", "described")
                .replace("{day}", "2026-11-22")
                .replace("{id}", NOBODY_KNOWS);
        if (!address.equals(operation.path()) || (nowhere != null && !nowhere.equals(body))) {
            refused(404, operation, address, nowhere, "If-Match", "*");
        }
        if ((operation.path().startsWith("/api/v1/rollouts/")
                        && operation.path().contains("{id}"))
                || operation.path().startsWith("/api/v1/items/")) {
            refused(404, operation, address.replace("nowhere", "trace").replace("described", "never-seen"), null);
        }
        if (operation.parameters("query").contains("workload")) {
            refused(404, operation, address + "?workload=nowhere", null);
        }
    }

    private void otherVersions(Operation operation) {
        if (operation.takes("If-Match")) {
            String address = calls.filled(operation.path());
            refused(428, operation, address, body(operation));
            refused(412, operation, address, body(operation), "If-Match", "\"" + NOBODY_KNOWS + "\"");
        }
    }

    private void refused(int status, Operation operation, String address, @Nullable String body, String... headers) {
        calls.call(status, operation.method(), operation.path(), address, body, headers);
    }

    private @Nullable String body(Operation operation) {
        return calls.body(operation.path(), operation.method());
    }

    /** With a workload that is not there, whose refusal is kept like any other answer. */
    private void keys(Operation operation) {
        if (!operation.takes(KEY)) {
            return;
        }
        String address = operation.path().replace("{workload}", "nowhere");
        String key = "described-" + keys++;
        refused(400, operation, address, body(operation), KEY, "with space");
        refused(413, operation, address, "x".repeat(65_537), KEY, key);
        refused(404, operation, address, body(operation), KEY, key);
        refused(422, operation, address, "{}", KEY, key);
        assertThat(sql.sql("update idempotency_key set status = null where key = ?")
                        .param(key)
                        .update())
                .isOne();
        refused(409, operation, address, body(operation), KEY, key);
    }
}
