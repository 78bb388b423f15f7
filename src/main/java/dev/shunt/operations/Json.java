package dev.shunt.operations;

import java.util.Map;
import java.util.stream.Collectors;

/** An object of texts, as JSON; the probes must not hang on a library's configuration. */
final class Json {

    private Json() {}

    static String object(Map<String, String> members) {
        return members.entrySet().stream()
                .map(each -> text(each.getKey()) + ":" + text(each.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String text(String value) {
        var json = new StringBuilder("\"");
        value.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                json.append('\\').append((char) c);
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", c));
            } else {
                json.append((char) c);
            }
        });
        return json.append('"').toString();
    }
}
