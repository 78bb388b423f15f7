package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** A preflight's answer by the subjects of its lines. */
record PreflightLines(JsonNode answer) {

    String result() {
        return answer.path("result").asString();
    }

    /** Each line's subject and answer. */
    Map<String, String> results() {
        var results = new TreeMap<String, String>();
        answer.path("lines").forEach(line -> assertThat(results.put(
                        line.path("subject").asString(), line.path("result").asString()))
                .as("another line of the same subject")
                .isNull());
        return results;
    }

    String words(String subject) {
        for (JsonNode line : answer.path("lines")) {
            if (line.path("subject").asString().equals(subject)) {
                return line.path("words").asString("");
            }
        }
        throw new AssertionError("no line '" + subject + "' in " + answer);
    }
}
