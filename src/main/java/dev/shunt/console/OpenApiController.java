package dev.shunt.console;

import dev.shunt.core.InRoles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Describes {@code /api/v1} in OpenAPI 3.1, made from the controllers that answer, so that it can neither name what is not
 * there nor forget what is.
 */
@InRoles
@RestController
class OpenApiController {

    private static final String BASE = "/api/v1";
    private static final Map<String, Object> TEXT = Map.of("type", "string");
    private static final Map<String, Object> FLAG = Map.of("type", "boolean");
    private static final Map<String, Object> STEP = Map.of("reason", TEXT, "override", FLAG);

    /** Orders are read by hand, field by field: what they take is written here. */
    private static final Map<String, Map<String, Object>> BODIES = Map.of(
            "start", STEP,
            "promote", STEP,
            "hold", STEP,
            "resume", STEP,
            "complete", STEP,
            "percentage", Map.of("percentage", Map.of("type", "number"), "reason", TEXT, "override", FLAG),
            "rollback", Map.of("reason", TEXT),
            "recall", Map.of("reason", TEXT),
            "pin",
                    Map.of(
                            "project", TEXT,
                            "key", TEXT,
                            "route", Map.of("type", "string", "enum", List.of("legacy", "temporal")),
                            "until", Map.of("type", "string", "format", "date-time"),
                            "release", FLAG,
                            "reason", TEXT));

    private final RequestMappingHandlerMapping mappings;

    OpenApiController(@Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mappings) {
        this.mappings = mappings;
    }

    @GetMapping(BASE + "/openapi.json")
    Map<String, Object> document() {
        var schemas = new OpenApiSchemas();
        Map<String, Map<String, Object>> paths = new TreeMap<>();
        mappings.getHandlerMethods()
                .forEach((info, handler) -> info.getPatternValues().stream()
                        .filter(path -> path.startsWith(BASE))
                        .forEach(path -> info.getMethodsCondition()
                                .getMethods()
                                .forEach(method -> paths.computeIfAbsent(path, first -> new TreeMap<>())
                                        .put(
                                                method.name().toLowerCase(Locale.ROOT),
                                                operation(path, method.name(), handler, schemas)))));
        schemas.named()
                .put(
                        "Problem",
                        Map.of(
                                "type",
                                "object",
                                "description",
                                "RFC 9457; some refusals have members of their own",
                                "properties",
                                Map.of(
                                        "type", TEXT,
                                        "title", TEXT,
                                        "status", Map.of("type", "integer"),
                                        "detail", TEXT,
                                        "instance", TEXT)));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put("info", Map.of("title", "Shunt", "version", "v1"));
        document.put("paths", paths);
        document.put(
                "components",
                Map.of(
                        "schemas",
                        schemas.named(),
                        "securitySchemes",
                        Map.of("token", Map.of("type", "http", "scheme", "bearer"))));
        return document;
    }

    private static Map<String, Object> operation(
            String path, String method, HandlerMethod handler, OpenApiSchemas schemas) {
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put(
                "operationId",
                handler.getBeanType().getSimpleName() + "."
                        + handler.getMethod().getName());
        List<Map<String, Object>> parameters = new ArrayList<>();
        for (MethodParameter parameter : handler.getMethodParameters()) {
            parameter(parameter, parameters, schemas);
            if (parameter.hasParameterAnnotation(RequestBody.class)) {
                operation.put("requestBody", body(path));
            }
        }
        if (method.equals("POST") && path.startsWith(BASE + "/rollouts/")) {
            parameters.add(described("header", IdempotencyFilter.HEADER, false, TEXT));
        }
        operation.put("parameters", parameters);
        Map<String, Object> answer = schemas.of(handler.getMethod().getGenericReturnType());
        operation.put(
                "responses",
                Map.of(
                        "200",
                        Map.of("description", "done", "content", Map.of("application/json", Map.of("schema", answer))),
                        "default",
                        Map.of(
                                "description",
                                "why not",
                                "content",
                                Map.of(
                                        "application/problem+json",
                                        Map.of("schema", Map.of("$ref", "#/components/schemas/Problem"))))));
        return operation;
    }

    private static void parameter(
            MethodParameter parameter, List<Map<String, Object>> parameters, OpenApiSchemas schemas) {
        Map<String, Object> schema = schemas.of(parameter.getGenericParameterType());
        var inPath = parameter.getParameterAnnotation(PathVariable.class);
        var inQuery = parameter.getParameterAnnotation(RequestParam.class);
        var inHeader = parameter.getParameterAnnotation(RequestHeader.class);
        if (inPath != null) {
            parameters.add(described("path", either(inPath.name(), inPath.value()), true, schema));
        } else if (inQuery != null) {
            parameters.add(described("query", either(inQuery.name(), inQuery.value()), false, schema));
        } else if (inHeader != null) {
            String name = either(inHeader.name(), inHeader.value());
            parameters.add(described("header", name, name.equals(HttpHeaders.IF_MATCH), schema));
        }
    }

    private static String either(String name, String value) {
        return name.isEmpty() ? value : name;
    }

    private static Map<String, Object> body(String path) {
        Map<String, Object> properties =
                path.startsWith(BASE + "/rollouts/") ? BODIES.get(path.substring(path.lastIndexOf('/') + 1)) : null;
        Map<String, Object> schema = properties == null
                ? Map.of("type", "object")
                : Map.of("type", "object", "properties", properties, "additionalProperties", false);
        return Map.of("content", Map.of("application/json", Map.of("schema", schema)));
    }

    private static Map<String, Object> described(
            String place, String name, boolean required, Map<String, Object> schema) {
        return Map.of("in", place, "name", name, "required", required, "schema", schema);
    }
}
