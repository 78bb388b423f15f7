package dev.shunt.workloads.trace;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members of one JSON object, read by name and type. An absent member and one that is null are the same.
 *
 * @param path where the object is; empty for the outermost
 */
record Members(String path, Map<String, Json> values) {

    /** Names match exactly, as Node reads them. */
    static Members exact(Json.Obj object, String path) {
        return new Members(path, object.members());
    }

    /** Names are asked for in lower case and match in any case, as Go reads them; of several the last one counts. */
    static Members anyCase(Json.Obj object, String path) {
        var folded = new HashMap<String, Json>();
        object.members().forEach((name, value) -> folded.put(name.toLowerCase(Locale.ROOT), value));
        return new Members(path, folded);
    }

    String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    Json get(String name) {
        return values.getOrDefault(name, Json.Null.VALUE);
    }

    boolean has(String name) {
        return !(get(name) instanceof Json.Null);
    }

    @Nullable
    String text(String name) throws WireFault {
        return switch (get(name)) {
            case Json.Null ignored -> null;
            case Json.Str text -> text.value();
            case Json other -> throw WireFault.wrongType(at(name), "a string", other);
        };
    }

    Json.@Nullable Obj object(String name) throws WireFault {
        return switch (get(name)) {
            case Json.Null ignored -> null;
            case Json.Obj object -> object;
            case Json other -> throw WireFault.wrongType(at(name), "an object", other);
        };
    }

    /** The elements of an array; null if there is none. */
    @Nullable
    List<Json> array(String name) throws WireFault {
        return switch (get(name)) {
            case Json.Null ignored -> null;
            case Json.Arr array -> array.values();
            case Json other -> throw WireFault.wrongType(at(name), "an array", other);
        };
    }
}
