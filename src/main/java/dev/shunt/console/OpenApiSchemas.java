package dev.shunt.console;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpEntity;

/** Schemas of what controllers answer: records by name, everything else where it stands. */
final class OpenApiSchemas {

    /** Any JSON but null. */
    private static final Map<String, Object> ANYTHING =
            Map.of("type", List.of("object", "array", "string", "number", "boolean"));

    private final Map<String, Object> named = new TreeMap<>();

    /** Those that were met so far, by name. */
    Map<String, Object> named() {
        return named;
    }

    Map<String, Object> of(Type type) {
        if (type instanceof ParameterizedType generic) {
            return ofGeneric(generic);
        }
        if (!(type instanceof Class<?> plain)) {
            throw new IllegalStateException(type + " has no schema yet");
        }
        if (plain.isRecord()) {
            return record(plain);
        }
        if (plain.isEnum()) {
            return Map.of(
                    "type",
                    "string",
                    "enum",
                    Arrays.stream(plain.getEnumConstants()).map(String::valueOf).toList());
        }
        return simple(plain);
    }

    private Map<String, Object> ofGeneric(ParameterizedType generic) {
        Class<?> raw = (Class<?>) generic.getRawType();
        Type[] parts = generic.getActualTypeArguments();
        if (HttpEntity.class.isAssignableFrom(raw) || Optional.class.equals(raw)) {
            return of(parts[0]);
        }
        if (Collection.class.isAssignableFrom(raw)) {
            return Map.of("type", "array", "items", of(parts[0]));
        }
        if (Map.class.isAssignableFrom(raw)) {
            return Map.of("type", "object", "propertyNames", of(parts[0]), "additionalProperties", of(parts[1]));
        }
        throw new IllegalStateException(generic + " has no schema yet");
    }

    private Map<String, Object> record(Class<?> type) {
        String name = name(type);
        if (!named.containsKey(name)) {
            named.put(name, Map.of()); // so that one that holds itself ends
            Map<String, Object> properties = new LinkedHashMap<>();
            List<String> required = Arrays.stream(type.getRecordComponents())
                    .filter(part -> !part.getAnnotatedType().isAnnotationPresent(Nullable.class))
                    .map(RecordComponent::getName)
                    .toList();
            for (RecordComponent part : type.getRecordComponents()) {
                properties.put(
                        part.getName(),
                        part.isAnnotationPresent(JsonRawValue.class)
                                        || part.getAccessor().isAnnotationPresent(JsonRawValue.class)
                                ? ANYTHING // JSON that is passed on as it is
                                : of(part.getGenericType()));
            }
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("type", "object");
            schema.put("required", required);
            schema.put("properties", properties);
            named.put(name, schema);
        }
        return Map.of("$ref", "#/components/schemas/" + name);
    }

    /** With the class around it: two controllers may both have an Answer. */
    private static String name(Class<?> type) {
        Class<?> around = type.getEnclosingClass();
        return around == null ? type.getSimpleName() : around.getSimpleName() + "." + type.getSimpleName();
    }

    private static Map<String, Object> simple(Class<?> type) {
        if (type == String.class) {
            return Map.of("type", "string");
        }
        if (type == boolean.class || type == Boolean.class) {
            return Map.of("type", "boolean");
        }
        if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
            return Map.of("type", "integer");
        }
        if (type == double.class || type == Double.class || type == BigDecimal.class) {
            return Map.of("type", "number");
        }
        if (type == Instant.class) {
            return Map.of("type", "string", "format", "date-time");
        }
        if (type == LocalDate.class) {
            return Map.of("type", "string", "format", "date");
        }
        if (type == Object.class) {
            return ANYTHING;
        }
        throw new IllegalStateException(type + " has no schema yet");
    }
}
