package dev.shunt.console;

import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds answers against the description of the API, more strictly than a client would: a field that is not described is a
 * fault, and so is a null, a type that says nothing, or a word of the schema language that is not understood here. Keeps
 * what was seen, so that one can ask afterwards what of the description was never held against anything.
 */
public final class Description {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Set<String> WORDS = Set.of(
            "$ref",
            "type",
            "enum",
            "format",
            "items",
            "properties",
            "required",
            "propertyNames",
            "additionalProperties",
            "description");

    private final JsonNode document;
    private final Set<String> answers = new TreeSet<>();
    private final Set<String> places = new TreeSet<>();
    private final List<String> faults = new ArrayList<>();

    public Description(JsonNode document) {
        this.document = document;
    }

    /** @param path as it is described */
    public void see(String method, String path, HttpResponse<?> response, String body) {
        String answer = method + " " + path + " " + response.statusCode();
        answers.add(answer);
        String type = response.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", "");
        JsonNode schema = document.path("paths")
                .path(path)
                .path(method)
                .path("responses")
                .path(Integer.toString(response.statusCode()))
                .path("content")
                .path(type)
                .path("schema");
        if (schema.isObject()) {
            boolean json = type.endsWith("json");
            check(schema, json ? JSON.readTree(body) : JSON.getNodeFactory().stringNode(body), answer);
        } else {
            faults.add(answer + " " + type + " is not described: " + body);
        }
    }

    /** What did not fit, in words. */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    /** Answers that are described and that none of those seen was: method, path and status. */
    public Set<String> answersNotSeen() {
        Set<String> left = new TreeSet<>();
        for (var path : document.path("paths").properties()) {
            for (var method : path.getValue().properties()) {
                method.getValue().path("responses").propertyNames().stream()
                        .filter(status -> !status.equals("default"))
                        .map(status -> method.getKey() + " " + path.getKey() + " " + status)
                        .forEach(left::add);
            }
        }
        left.removeAll(answers);
        return left;
    }

    /** Fields, elements ({@code []}) and values of maps ({@code {}}) of which no value was seen. */
    public Set<String> placesNotSeen() {
        Set<String> left = new TreeSet<>();
        document.at("/components/schemas")
                .properties()
                .forEach(named -> collect(named.getValue(), named.getKey(), left, false));
        left.removeAll(places);
        return left;
    }

    /** Where the description allows any JSON. */
    public Set<String> open() {
        Set<String> open = new TreeSet<>();
        document.at("/components/schemas")
                .properties()
                .forEach(named -> collect(named.getValue(), named.getKey(), open, true));
        return open;
    }

    private static void collect(JsonNode schema, String place, Set<String> found, boolean onlyOpen) {
        if (!onlyOpen || (!schema.has("$ref") && !schema.path("type").isString())) {
            found.add(place);
        }
        schema.path("properties")
                .properties()
                .forEach(field -> collect(field.getValue(), place + "." + field.getKey(), found, onlyOpen));
        if (schema.has("items")) {
            collect(schema.path("items"), place + "[]", found, onlyOpen);
        }
        if (schema.has("additionalProperties")) {
            collect(schema.path("additionalProperties"), place + "{}", found, onlyOpen);
        }
    }

    private void check(JsonNode schema, JsonNode value, String place) {
        places.add(place);
        for (String word : schema.propertyNames()) {
            faultUnless(WORDS.contains(word), place, "is described with " + word + ", which nobody checks");
        }
        if (schema.has("$ref")) {
            String name = schema.path("$ref").asString().replace("#/components/schemas/", "");
            check(document.at("/components/schemas").path(name), value, name);
            return;
        }
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            faultUnless(type.valueStream().anyMatch(one -> is(value, one.asString())), place, type + ", was " + value);
            return;
        }
        if (!is(value, type.asString(""))) {
            faults.add(place + " must be " + type + ", was " + value);
            return;
        }
        if (value.isString()) {
            checkText(schema, value, place);
        } else if (value.isArray()) {
            value.forEach(element -> check(schema.path("items"), element, place + "[]"));
        } else if (value.isObject()) {
            checkFields(schema, value, place);
        }
    }

    private void checkText(JsonNode schema, JsonNode value, String place) {
        if (schema.has("enum")) {
            faultUnless(schema.path("enum").valueStream().anyMatch(value::equals), place, "has no value " + value);
        }
        if (schema.has("format")) {
            String format = schema.path("format").asString();
            faultUnless(isOf(format, value.asString()), place, "must be a " + format + ", was " + value);
        }
    }

    private void checkFields(JsonNode schema, JsonNode value, String place) {
        schema.path("required")
                .forEach(field -> faultUnless(value.has(field.asString()), place, "lacks " + field + ": " + value));
        JsonNode fields = schema.path("properties");
        for (var field : value.properties()) {
            if (fields.has(field.getKey())) {
                check(fields.path(field.getKey()), field.getValue(), place + "." + field.getKey());
            } else if (schema.path("additionalProperties").isObject()) {
                check(schema.path("propertyNames"), JSON.getNodeFactory().stringNode(field.getKey()), place + "{name}");
                check(schema.path("additionalProperties"), field.getValue(), place + "{}");
            } else {
                faults.add(place + " has a field that is not described: " + field);
            }
        }
    }

    private void faultUnless(boolean good, String place, String fault) {
        if (!good) {
            faults.add(place + " " + fault);
        }
    }

    private static boolean isOf(String format, String text) {
        try {
            return switch (format) {
                case "date-time" -> !Instant.parse(text).equals(Instant.MAX);
                case "date" -> !LocalDate.parse(text).equals(LocalDate.MAX);
                default -> false;
            };
        } catch (DateTimeException other) {
            return false;
        }
    }

    private static boolean is(JsonNode value, String type) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            default -> false;
        };
    }
}
