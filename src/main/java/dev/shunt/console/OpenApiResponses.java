package dev.shunt.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.method.HandlerMethod;

/**
 * What an operation can answer. Most refusals follow from what it takes; which orders can meet a state that does not
 * allow them is written here, and a test holds all of it against what the running service answers.
 */
final class OpenApiResponses {

    private static final Map<String, Object> TEXT = Map.of("type", "string");
    private static final Map<String, Object> WHOLE = Map.of("type", "integer");

    /** Orders that may be taken now and carried out later. */
    private static final Set<String> LATER =
            Set.of("/api/v1/rollouts/{workload}/rollback", "/api/v1/dead-letters/{id}/replay");

    /** Orders outside of rollouts that meet states which do not allow them. */
    private static final Set<String> CONFLICTING =
            Set.of("/api/v1/dead-letters/{id}/replay", "/api/v1/dead-letters/{id}/discard", "/api/v1/reconciliations");

    private final OpenApiSchemas schemas;

    OpenApiResponses(OpenApiSchemas schemas) {
        this.schemas = schemas;
        Map<String, Object> overridable = Map.of(
                "overridable",
                Map.of("type", "boolean", "description", "whether override: true would do; absent where it could not"),
                "type",
                TEXT);
        Map<String, Object> epoch = Map.of("epoch", WHOLE);
        Map<String, Object> change = Map.of("epoch", WHOLE, "change", schemas.of(RolloutView.ChangeView.class));
        schemas.named().put("Problem", problem(Map.of("type", TEXT), Set.of()));
        schemas.named().put("Conflict", problem(overridable, Set.of()));
        schemas.named().put("Overtaken", problem(change, change.keySet()));
        schemas.named().put("EpochWanted", problem(epoch, epoch.keySet()));
    }

    /**
     * @param path as clients write it
     * @param keyed whether it takes an {@code Idempotency-Key}
     */
    Map<String, Object> of(String path, String method, HandlerMethod handler, boolean keyed) {
        Map<String, Object> responses = new TreeMap<>();
        responses.put(done(handler), answered("done", path, handler));
        boolean order = method.equals("POST");
        if (order && LATER.contains(path)) {
            responses.put("202", answered("taken; carried out later", path, handler));
        }
        List<MethodParameter> taken = List.of(handler.getMethodParameters());
        boolean body = taken.stream().anyMatch(part -> part.hasParameterAnnotation(RequestBody.class));
        boolean versioned = taken.stream().anyMatch(part -> header(part, "If-Match"));
        if (body || keyed || takesActor(handler) || taken.stream().anyMatch(OpenApiResponses::canBeMalformed)) {
            responses.put("400", refused("Problem", "what is sent is wrong; the detail names it"));
        }
        responses.put("401", refused("Problem", "with shunt.api.token set: not without it"));
        responses.put("403", refused("Problem", "without shunt.api.token: for clients on the same machine only"));
        if (path.contains("{") || named(taken, order ? path : "").contains("workload")) {
            responses.put("404", refused("Problem", "there is no such thing; the detail says what there is"));
        }
        if (keyed || (order && CONFLICTING.contains(path))) {
            responses.put("409", refused("Conflict", "the state of things does not allow it; the detail says why"));
        }
        if (versioned) {
            responses.put("412", refused("Overtaken", "somebody was first; with their change"));
            responses.put("428", refused("EpochWanted", "not without If-Match; with the epoch in force"));
        }
        if (keyed) {
            responses.put("413", refused("Problem", "the body is too large"));
            responses.put("422", refused("Problem", "the Idempotency-Key came with another order"));
        }
        if (body) {
            responses.put("415", refused("Problem", "the body must be application/json"));
        }
        responses.put("default", refused("Problem", "of any path: 405, 406, 500; 503 says in Retry-After when to try"));
        return responses;
    }

    private static Set<String> named(List<MethodParameter> taken, String path) {
        Stream<String> queried = taken.stream()
                .map(part -> part.getParameterAnnotation(RequestParam.class))
                .flatMap(Stream::ofNullable)
                .map(RequestParam::name);
        return Stream.concat(queried, OpenApiBodies.fields(path).stream()).collect(Collectors.toSet());
    }

    private static boolean takesActor(HandlerMethod handler) {
        return Stream.of(handler.getMethodParameters()).anyMatch(part -> header(part, Actors.HEADER));
    }

    private static boolean header(MethodParameter part, String name) {
        RequestHeader header = part.getParameterAnnotation(RequestHeader.class);
        return header != null && name.equals(header.name());
    }

    /** Names can only be unknown. */
    private static boolean canBeMalformed(MethodParameter part) {
        RequestParam query = part.getParameterAnnotation(RequestParam.class);
        PathVariable inPath = part.getParameterAnnotation(PathVariable.class);
        return (query != null && !query.name().equals("workload"))
                || (inPath != null
                        && (part.getParameterType() != String.class
                                || Set.of("day", "subject").contains(inPath.value())));
    }

    private static String done(HandlerMethod handler) {
        ResponseStatus own = handler.getMethodAnnotation(ResponseStatus.class);
        return own == null ? "200" : "" + own.value().value();
    }

    private Map<String, Object> answered(String description, String path, HandlerMethod handler) {
        boolean report = path.endsWith("/report"); // whose type says only that it is one of three
        Map<String, Object> content = new LinkedHashMap<>();
        content.put(
                "application/json",
                Map.of(
                        "schema",
                        schemas.of(
                                report
                                        ? WindowReport.class
                                        : handler.getMethod().getGenericReturnType())));
        if (report) {
            content.put("text/html", Map.of("schema", TEXT));
            content.put("text/markdown", Map.of("schema", TEXT));
        }
        return Map.of("description", description, "content", content);
    }

    private static Map<String, Object> refused(String schema, String description) {
        Map<String, Object> named = Map.of("$ref", "#/components/schemas/" + schema);
        return Map.of(
                "description", description, "content", Map.of("application/problem+json", Map.of("schema", named)));
    }

    /** RFC 9457, with members of its own; without a type it is about:blank, which means what the status means. */
    private static Map<String, Object> problem(Map<String, Object> members, Set<String> required) {
        Map<String, Object> properties = new TreeMap<>(members);
        properties.putAll(Map.of("title", TEXT, "status", WHOLE, "detail", TEXT, "instance", TEXT));
        return Map.of(
                "type",
                "object",
                "required",
                Stream.concat(Stream.of("title", "status", "detail"), required.stream())
                        .sorted()
                        .toList(),
                "properties",
                properties);
    }
}
