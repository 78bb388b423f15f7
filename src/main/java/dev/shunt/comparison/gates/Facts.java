package dev.shunt.comparison.gates;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a judge is given: everything that the finding is made from, by name, in types that survive being written as JSON.
 * Numbers come back from there as other types of number, so they are only asked for by the type that is wanted.
 */
final class Facts {

    private final Map<String, Object> values = new LinkedHashMap<>();

    Facts() {}

    Facts(Map<String, Object> values) {
        values.forEach(this::with);
    }

    /** Null leaves it out. */
    Facts with(String name, @Nullable Object value) {
        if (value != null) {
            values.put(name, value);
        }
        return this;
    }

    Map<String, Object> values() {
        return values;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    long count(String name) {
        return values.get(name) instanceof Number number ? number.longValue() : 0;
    }

    double number(String name) {
        return values.get(name) instanceof Number number ? number.doubleValue() : 0;
    }

    boolean is(String name) {
        return Boolean.TRUE.equals(values.get(name));
    }

    @Nullable
    String text(String name) {
        Object value = values.get(name);
        return value == null ? null : value.toString();
    }

    String text(String name, String otherwise) {
        String text = text(name);
        return text == null ? otherwise : text;
    }

    List<Double> numbers(String name) {
        return values.get(name) instanceof List<?> list
                ? list.stream().map(Facts::toDouble).toList()
                : List.of();
    }

    /** Lists of three. */
    List<List<Double>> triples(String name) {
        return values.get(name) instanceof List<?> list ? toTriples(list) : List.of();
    }

    /** Lists of lists of three. */
    List<List<List<Double>>> blocks(String name) {
        return values.get(name) instanceof List<?> list
                ? list.stream().map(block -> toTriples((List<?>) block)).toList()
                : List.of();
    }

    private static List<List<Double>> toTriples(List<?> list) {
        return list.stream()
                .map(triple -> ((List<?>) triple).stream().map(Facts::toDouble).toList())
                .toList();
    }

    private static Double toDouble(@Nullable Object value) {
        return value instanceof Number number ? number.doubleValue() : 0.0;
    }
}
