package dev.shunt.operations;

import dev.shunt.core.JsonText;
import java.util.Map;
import java.util.stream.Collectors;

/** An object of texts, as JSON; the probes must not hang on a library's configuration. */
final class Json {

    private Json() {}

    static String object(Map<String, String> members) {
        return members.entrySet().stream()
                .map(each -> JsonText.quoted(each.getKey()) + ":" + JsonText.quoted(each.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
    }
}
