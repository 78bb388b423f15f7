package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.bridge.Client.Answer;
import tools.jackson.databind.JsonNode;

/** Holds answers against the description of the API: every field is described, with its type, and none that must be there is missing. */
record Description(JsonNode document) {

    void assertFits(String path, String method, Answer answer) {
        JsonNode responses = document.path("paths").path(path).path(method).path("responses");
        String status = Integer.toString(answer.status());
        JsonNode response = responses.has(status) ? responses.path(status) : responses.path("default");
        String type = answer.response()
                .headers()
                .firstValue("Content-Type")
                .orElse("")
                .replaceAll(";.*", "");
        JsonNode schema = response.path("content").path(type).path("schema");
        assertThat(schema.isObject())
                .as("%s %s %s %s in %s", method, path, status, type, responses)
                .isTrue();
        assertValue(schema, answer.json(), path);
    }

    private void assertValue(JsonNode schema, JsonNode value, String place) {
        if (schema.has("$ref")) {
            String name = schema.path("$ref").asString().substring("#/components/schemas/".length());
            assertValue(document.at("/components/schemas").path(name), value, place);
            return;
        }
        String type = schema.path("type").asString("any");
        if (type.equals("any")) {
            return;
        }
        assertThat(type.replace("integer", "number")).as(place).isEqualTo(typeOf(value));
        if (value.isArray()) {
            value.forEach(element -> assertValue(schema.path("items"), element, place + "[]"));
        }
        if (!value.isObject()) {
            return;
        }
        JsonNode fields = schema.path("properties");
        schema.path("required")
                .forEach(field -> assertThat(value.has(field.asString()))
                        .as("%s.%s in %s", place, field.asString(), value)
                        .isTrue());
        value.properties().forEach(field -> {
            String name = place + "." + field.getKey();
            if (fields.has(field.getKey())) {
                assertValue(fields.path(field.getKey()), field.getValue(), name);
            } else if (schema.has("properties")) {
                assertThat(schema.path("additionalProperties").asBoolean(false))
                        .as(name)
                        .isTrue();
            } else {
                assertValue(schema.path("additionalProperties"), field.getValue(), name);
            }
        });
    }

    private static String typeOf(JsonNode value) {
        if (value.isObject()) {
            return "object";
        }
        if (value.isArray()) {
            return "array";
        }
        return value.isBoolean() ? "boolean" : value.isNumber() ? "number" : "string";
    }
}
