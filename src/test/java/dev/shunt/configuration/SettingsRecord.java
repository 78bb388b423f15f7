package dev.shunt.configuration;

import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A documented record of settings.
 *
 * @param type the record
 * @param prefix of its keys
 * @param meaning from its Javadoc, without the keys
 * @param keys in order, those of nested records included
 */
record SettingsRecord(Class<?> type, String prefix, String meaning, List<Key> keys) {

    static SettingsRecord of(Class<?> type, String prefix, Javadocs javadocs) {
        return new SettingsRecord(type, prefix, javadocs.of(type).text(), keys(type, prefix, javadocs));
    }

    private static List<Key> keys(Class<?> type, String prefix, Javadocs javadocs) {
        Map<String, String> meanings = javadocs.of(type).parameters();
        List<Key> keys = new ArrayList<>();
        Map<String, String> usual = usual(type);
        for (RecordComponent component : type.getRecordComponents()) {
            String path = prefix + "." + kebab(component.getName());
            String meaning = meanings.getOrDefault(component.getName(), "");
            Class<?> element = element(component);
            if (element.isRecord() && element.getName().startsWith("dev.shunt")) {
                String nested = component.getType() == List.class
                        ? path + "[n]"
                        : component.getType() == Map.class ? path + ".<workload>" : path;
                keys.add(
                        new Key(nested + ".*", element, "block", usual.getOrDefault(component.getName(), ""), meaning));
                keys.addAll(keys(element, nested, javadocs));
            } else {
                keys.add(new Key(
                        path,
                        component.getType(),
                        shown(component),
                        usual.getOrDefault(component.getName(), ""),
                        meaning));
            }
        }
        return keys;
    }

    private static Class<?> element(RecordComponent component) {
        if (component.getGenericType() instanceof ParameterizedType generic) {
            var arguments = generic.getActualTypeArguments();
            return (Class<?>) arguments[arguments.length - 1];
        }
        return component.getType();
    }

    private static String shown(RecordComponent component) {
        Class<?> type = component.getType();
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant -> "`"
                            + ((Enum<?>) constant)
                                    .name()
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', '-') + "`")
                    .collect(Collectors.joining(", "));
        }
        return switch (type.getSimpleName()) {
            case "int", "long" -> "whole number";
            case "double", "Double", "BigDecimal" -> "number";
            case "boolean" -> "`true`, `false`";
            case "DataSize" -> "size";
            case "Map" -> "map of " + element(component).getSimpleName().toLowerCase(Locale.ROOT);
            case "List" -> "list of " + element(component).getSimpleName().toLowerCase(Locale.ROOT);
            case "String", "URI" -> "text";
            default -> type.getSimpleName().toLowerCase(Locale.ROOT);
        };
    }

    /** Defaults by name: they stand on the parameters of the canonical constructor. */
    private static Map<String, String> usual(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new);
        Map<String, String> usual = new HashMap<>();
        try {
            Parameter[] parameters = type.getDeclaredConstructor(types).getParameters();
            for (int i = 0; i < components.length; i++) {
                DefaultValue value = parameters[i].getAnnotation(DefaultValue.class);
                String text = value == null ? "" : String.join(",", value.value());
                usual.put(
                        components[i].getName(),
                        types[i].isEnum() ? text.toLowerCase(Locale.ROOT).replace('_', '-') : text);
            }
            return usual;
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
