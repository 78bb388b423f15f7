package dev.shunt.core;

/** A text as JSON writes it, where a library would be more than is needed. */
public final class JsonText {

    private JsonText() {}

    /** In quotes; quotes, backslashes and control characters in it are escaped. */
    public static String quoted(String text) {
        var json = new StringBuilder("\"");
        text.chars().forEach(c -> {
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
