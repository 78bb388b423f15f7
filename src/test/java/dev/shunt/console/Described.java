package dev.shunt.console;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;

/** Holds answers against the description of the API: every field is described, with its type. */
final class Described {

    private Described() {}

    static void assertFits(JsonNode described, String path, String method, JsonNode answer) {
        JsonNode schema =
                described.path("paths").path(path).path(method).at("/responses/200/content/application~1json/schema");
        assertThat(schema.isObject()).as(method + " " + path).isTrue();
        assertValue(described, schema, answer, path);
    }

    private static void assertValue(JsonNode described, JsonNode schema, JsonNode value, String place) {
        if (schema.has("$ref")) {
            String name = schema.path("$ref").asString().substring("#/components/schemas/".length());
            assertValue(described, described.at("/components/schemas").path(name), value, place);
            return;
        }
        String type = schema.path("type").asString("any");
        String real = value.isObject()
                ? "object"
                : value.isArray() ? "array" : value.isBoolean() ? "boolean" : value.isNumber() ? "number" : "string";
        assertThat(type.replace("integer", "number")).as(place).isEqualTo(real);
        if (value.isArray()) {
            value.forEach(element -> assertValue(described, schema.path("items"), element, place + "[]"));
        }
        if (value.isObject() && schema.has("properties")) {
            value.properties().forEach(field -> {
                assertThat(schema.path("properties").has(field.getKey()))
                        .as(place + "." + field.getKey())
                        .isTrue();
                assertValue(
                        described,
                        schema.path("properties").path(field.getKey()),
                        field.getValue(),
                        place + "." + field.getKey());
            });
        }
    }
}
