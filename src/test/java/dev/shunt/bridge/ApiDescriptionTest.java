package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.bridge.Client.Answer;
import io.lettuce.core.RedisClient;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Holds the description of {@code /api/v1} against the whole running service. */
class ApiDescriptionTest extends RolloutSuite {

    private static final Set<String> METHODS = Set.of("get", "post", "put", "delete");
    private static final Pattern KNOWN = Pattern.compile("known: \\[(.*)]");

    @Test
    void every_path_answers_its_methods_and_no_other() {
        JsonNode paths = document().path("paths");
        for (var path : paths.properties()) {
            assertThat(methods(path.getValue())).isNotEmpty().isSubsetOf(METHODS);
            String address = filled(path.getKey(), Map.of());
            Answer allowed = client().send(address, "OPTIONS", null);
            Set<String> answered = allowed.response().headers().firstValue("Allow").stream()
                    .flatMap(all -> Pattern.compile(", *").splitAsStream(all))
                    .map(method -> method.toLowerCase(Locale.ROOT))
                    .filter(METHODS::contains)
                    .collect(Collectors.toSet());
            // an address may be that of two paths: .../replay is also .../{id}
            Set<String> described = new TreeSet<>();
            paths.properties().stream()
                    .filter(other -> address.matches(other.getKey().replaceAll("\\{\\w+}", "[^/]+")))
                    .forEach(other -> described.addAll(methods(other.getValue())));
            assertThat(answered).as("%s %s", path.getKey(), allowed).isEqualTo(described);
        }
    }

    private static Set<String> methods(JsonNode path) {
        var methods = new TreeSet<String>();
        path.properties().forEach(method -> methods.add(method.getKey()));
        return methods;
    }

    @Test
    void every_order_describes_the_fields_that_it_takes_and_refuses_others() {
        int orders = 0;
        for (var path : document().path("paths").properties()) {
            for (var method : path.getValue().properties()) {
                JsonNode body = method.getValue().at("/requestBody/content/application~1json/schema");
                if (body.isMissingNode()) {
                    continue;
                }
                orders++;
                String what = method.getKey() + " " + path.getKey();
                assertThat(body.path("additionalProperties").asBoolean(true))
                        .as(what)
                        .isFalse();
                Set<String> fields = new TreeSet<>();
                body.path("properties").properties().forEach(field -> {
                    assertThat(field.getValue().path("type").asString())
                            .as(what)
                            .isNotEmpty();
                    fields.add(field.getKey());
                });
                Answer refused = client().send(
                                filled(path.getKey(), Map.of()),
                                method.getKey().toUpperCase(Locale.ROOT),
                                "{\"nonsense\": 1}");
                assertThat(refused.status()).as("%s: %s", what, refused.body()).isEqualTo(400);
                Matcher known = KNOWN.matcher(refused.text("detail"));
                assertThat(known.find()).as("%s: %s", what, refused.body()).isTrue();
                assertThat(Set.of(known.group(1).split(", "))).as(what).isEqualTo(fields);
                assertThat(fields).containsAll(texts(body.path("required")));
            }
        }
        assertThat(orders).isGreaterThan(14);
    }

    @Test
    void what_is_answered_is_described_field_by_field() {
        Map<String, String> values = something();
        JsonNode document = document();
        List<String> seen = new ArrayList<>();
        for (var path : document.path("paths").properties()) {
            if (!path.getValue().has("get") || path.getKey().endsWith("openapi.json")) {
                continue;
            }
            String query = path.getKey().endsWith("/report") ? "?format=json" : "";
            Answer answer = client().get(filled(path.getKey(), values) + query);
            assertThat(answer.status())
                    .as("%s: %s", path.getKey(), answer.body())
                    .isEqualTo(path.getKey().contains("/external/") ? answer.status() : 200);
            if (answer.status() == 200) {
                new Description(document).assertFits(path.getKey(), "get", answer);
                seen.add(path.getKey());
            }
        }
        assertThat(seen).hasSizeGreaterThan(24);
        for (String order : List.of("preflight", "probe", "recall", "rehearsal", "rollback")) {
            String path = "/api/v1/rollouts/{workload}/" + order;
            client().percentage(0);
            Answer answer = client().post(filled(path, values), "{}", "If-Match", "*");
            assertThat(answer.status()).as(answer.body()).isIn(200, 202, 409);
            new Description(document).assertFits(path, "post", answer);
        }
        Answer refused = client().post(ROLLOUT + "/promote", "{\"reason\": \"no\"}", "If-Match", "*");
        assertThat(refused.status()).isEqualTo(409);
        new Description(document).assertFits("/api/v1/rollouts/{workload}/promote", "post", refused);
    }

    @Test
    void a_field_that_is_not_described_is_noticed() {
        JsonNode document = document();
        Answer other = client().get("/api/v1/backends");
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> new Description(document).assertFits("/api/v1/rollouts/{workload}", "get", other))
                .isInstanceOf(AssertionError.class);
    }

    /** One of everything, and what to fill into paths to see it. */
    private Map<String, String> something() {
        client().percentage(0);
        var values = new HashMap<String, String>();
        send("described");
        await().atMost(SOON)
                .until(() -> sql.sql("select count(*) from ledger where subject = 'described' and state = 'DONE'")
                                .query(Long.class)
                                .single()
                        == 1);
        try (var redis = RedisClient.create(redisUrl);
                var connection = redis.connect()) {
            connection.sync().lpush("cognobserve:traces", "{\"ID\":\"described-dead\",\"ProjectID\":null}");
        }
        await().atMost(SOON)
                .until(() -> !client().get("/api/v1/dead-letters").json().isEmpty());
        values.put(
                "/dead-letters/{id}",
                client().get("/api/v1/dead-letters").json().get(0).path("id").toString());
        values.put("/divergences/{id}", sql.sql("""
                        insert into divergence (workload, kind, path, path_pattern, item_key, route, epoch, found_by)
                        values ('trace', 'VALUE', 'spans[s1].name', 'spans[].name', 'p:described:0123456789abcdef',
                            'TEMPORAL', 1, 'SHADOW') returning id
                        """).query(Long.class).single().toString());
        Answer rule = client().post(
                        "/api/v1/ignore-rules",
                        "{\"workload\": \"trace\", \"path\": \"spans[].never\", \"owner\": \"anna\", \"reason\": \"known\","
                                + " \"expiresAt\": \"" + Instant.now().plus(1, ChronoUnit.DAYS) + "\"}");
        assertThat(rule.status()).as(rule.body()).isEqualTo(201);
        values.put("/ignore-rules/{id}", rule.json().path("id").toString());
        Answer run = client().post("/api/v1/reconciliations", "{\"workload\": \"trace\", \"repair\": \"DRY_RUN\"}");
        assertThat(run.status()).as(run.body()).isEqualTo(202);
        values.put("/reconciliations/{id}", run.json().path("id").toString());
        applied("start");
        applied("promote");
        // the first verdict of a phase is kept by the leader's next look, not by the promotion
        await().atMost(SOON)
                .until(() -> client().get(ROLLOUT).json().at("/verdict/id").isString());
        values.put(
                "/verdicts/{id}", client().get(ROLLOUT).json().at("/verdict/id").asString());
        String rollback = client().post(ROLLOUT + "/rollback", "").text("id");
        values.put("/rollbacks/{id}", rollback);
        return values;
    }

    private JsonNode document() {
        return client().get("/api/v1/openapi.json").json();
    }

    private static String filled(String path, Map<String, String> values) {
        String filled = path;
        for (var value : values.entrySet()) {
            if (path.contains(value.getKey())) {
                filled = filled.replace("{id}", value.getValue());
            }
        }
        return filled.replace("{workload}", "trace")
                .replace("{project}", "default")
                .replace("{subject}", "described")
                .replace("{day}", LocalDate.now(ZoneOffset.UTC).toString())
                .replace("{id}", "1");
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asString)
                .toList();
    }
}
