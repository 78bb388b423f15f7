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

    private final RequestMappingHandlerMapping mappings;

    OpenApiController(@Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mappings) {
        this.mappings = mappings;
    }

    @GetMapping(BASE + "/openapi.json")
    Map<String, Object> document() {
        var schemas = new OpenApiSchemas();
        var responses = new OpenApiResponses(schemas);
        Map<String, Map<String, Object>> paths = new TreeMap<>();
        mappings.getHandlerMethods()
                .forEach((info, handler) -> info.getPatternValues().stream()
                        .filter(path -> path.startsWith(BASE))
                        .forEach(path -> info.getMethodsCondition()
                                .getMethods()
                                .forEach(method -> paths.computeIfAbsent(template(path), first -> new TreeMap<>())
                                        .put(
                                                method.name().toLowerCase(Locale.ROOT),
                                                operation(path, method.name(), handler, schemas, responses)))));
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
            String path, String method, HandlerMethod handler, OpenApiSchemas schemas, OpenApiResponses responses) {
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put(
                "operationId",
                handler.getBeanType().getSimpleName() + "."
                        + handler.getMethod().getName());
        List<Map<String, Object>> parameters = new ArrayList<>();
        for (MethodParameter parameter : handler.getMethodParameters()) {
            parameter(parameter, parameters, schemas);
            RequestBody body = parameter.getParameterAnnotation(RequestBody.class);
            if (body != null) {
                operation.put("requestBody", OpenApiBodies.of(path, body.required()));
            }
        }
        boolean keyed = method.equals("POST") && path.startsWith(BASE + "/rollouts/");
        if (keyed) {
            parameters.add(described("header", IdempotencyFilter.HEADER, false, TEXT));
        }
        operation.put("parameters", parameters);
        operation.put("responses", responses.of(template(path), method, handler, keyed));
        return operation;
    }

    /** OpenAPI knows no path parameter that holds the rest. */
    private static String template(String path) {
        return path.replace("{*", "{");
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

    private static Map<String, Object> described(
            String place, String name, boolean required, Map<String, Object> schema) {
        return Map.of("in", place, "name", name, "required", required, "schema", schema);
    }
}
