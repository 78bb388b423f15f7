package dev.shunt.workloads.trace;

import java.util.List;
import java.util.Map;

/**
 * A JSON value as it was written: numbers are kept as text, so that no value and no form is lost on the way to the
 * database. Strings are well-formed Unicode without NUL; of several members with one name the last is kept.
 */
sealed interface Json {

    enum Null implements Json {
        VALUE
    }

    record Bool(boolean value) implements Json {}

    /** @param text the number exactly as it was sent, for example {@code 1.10} or {@code 1E+5} */
    record Num(String text) implements Json {}

    record Str(String value) implements Json {}

    record Arr(List<Json> values) implements Json {}

    record Obj(Map<String, Json> members) implements Json {}

    /** What it is, for messages: short, on one line, whatever it holds. */
    default String shown() {
        return switch (this) {
            case Null ignored -> "null";
            case Bool bool -> Boolean.toString(bool.value());
            case Num number -> shortened(number.text());
            case Str text -> JsonWriter.quoted(shortened(text.value()));
            case Arr ignored -> "an array";
            case Obj ignored -> "an object";
        };
    }

    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= 40
                ? text
                : text.substring(0, text.offsetByCodePoints(0, 40)) + "…";
    }
}
