package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.bridge.Client.Answer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/** Holds the description of {@code /api/v1} against the whole running service. */
@TestPropertySource(properties = {"shunt.rollout.plans.trace.keep-legacy=0s", "shunt.rollout.plans.trace.cooldown=0s"})
class ApiDescriptionTest extends RolloutSuite {

    private static final Set<String> METHODS = Set.of("get", "post", "put", "delete");
    private static final Pattern KNOWN = Pattern.compile("known: \\[(.*)]");

    /** Fields in which the service passes on what it does not look into. */
    private static final Set<String> OPEN = Set.of(
            "ItemController.ItemView.stored",
            "ItemController.SummaryView.models[]{}",
            "ReconciliationController.Change.before",
            "ReconciliationController.Change.after",
            "VerdictView.Gate.inputs{}");

    /** While Postgres, or the route of the letter, is away. */
    private static final List<String> LATER =
            List.of("post /api/v1/dead-letters/{id}/replay 202", "post /api/v1/rollouts/{workload}/rollback 202");

    /** Of what this service has none: a worker outside, something lost or differing, somebody late, something away. */
    private static final Set<String> NOT_HERE = Set.of(
            "ComparisonReport.Items.forgotten[]",
            "ComparisonReport.Items.missing[]",
            "OutsideStatus.lost[]",
            "OutsideStatus.notCompared[]",
            "OutsideStatus.notKnown[]",
            "ProbeController.View.differences[]",
            "ProofView.FlightView.states{}",
            "RolloutView.Changed.laggards[]",
            "RolloutView.problems[]",
            "WaitingController.Waiting.problems[]");

    @Autowired
    private Map<String, RequestMappingHandlerMapping> mappings;

    @Test
    void every_answer_is_described_and_every_described_one_is_seen() {
        var calls = new ApiCalls(client());
        new ApiTour(calls, client(), sql, redisUrl).everything();
        new ApiRefusals(calls, sql).everything();
        assertThat(calls.description().faults()).isEmpty();
        assertThat(calls.description().open()).isEqualTo(OPEN);
        assertThat(calls.description().answersNotSeen())
                .filteredOn(answer -> !answer.endsWith(" 401")) // asked for in RolloutApiTest: this service has no token
                .containsExactlyElementsOf(LATER);
        assertThat(calls.description().placesNotSeen())
                .filteredOn(place -> place.endsWith("[]") || place.endsWith("{}"))
                .isSubsetOf(NOT_HERE);
    }

    @Test
    void what_the_service_maps_is_what_is_described() {
        Set<String> mapped = new TreeSet<>();
        mappings.values()
                .forEach(mapping -> mapping.getHandlerMethods()
                        .keySet()
                        .forEach(info -> info.getPatternValues().stream()
                                .filter(path -> path.startsWith("/api"))
                                .forEach(path -> mapped.addAll(
                                        info.getMethodsCondition().getMethods().isEmpty()
                                                ? Set.of("any method " + path)
                                                : info.getMethodsCondition().getMethods().stream()
                                                        .map(method -> method.name().toLowerCase(Locale.ROOT) + " "
                                                                + path.replace("{*", "{"))
                                                        .collect(Collectors.toSet())))));
        Set<String> described = new TreeSet<>();
        document()
                .path("paths")
                .properties()
                .forEach(path -> methods(path.getValue()).forEach(method -> described.add(method + " " + path.getKey())));
        assertThat(mapped).hasSizeGreaterThan(40).isEqualTo(described);
    }

    @Test
    void every_path_answers_its_methods_and_no_other() {
        var calls = new ApiCalls(client());
        JsonNode paths = calls.document().path("paths");
        for (var path : paths.properties()) {
            assertThat(methods(path.getValue())).isNotEmpty().isSubsetOf(METHODS);
            String address = calls.filled(path.getKey());
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
        var calls = new ApiCalls(client());
        for (var path : calls.document().path("paths").properties()) {
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
                                calls.filled(path.getKey()), method.getKey().toUpperCase(Locale.ROOT), "{\"nonsense\": 1}");
                assertThat(refused.status()).as("%s: %s", what, refused.body()).isEqualTo(400);
                Matcher known = KNOWN.matcher(refused.text("detail"));
                assertThat(known.find()).as("%s: %s", what, refused.body()).isTrue();
                assertThat(Set.of(known.group(1).split(", "))).as(what).isEqualTo(fields);
                assertThat(fields)
                        .containsAll(body.path("required")
                                .valueStream()
                                .map(JsonNode::asString)
                                .toList());
            }
        }
        assertThat(orders).isGreaterThan(14);
    }

    private JsonNode document() {
        return client().get("/api/v1/openapi.json").json();
    }
}
