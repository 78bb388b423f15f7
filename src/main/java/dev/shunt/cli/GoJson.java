package dev.shunt.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Writes JSON as Go's {@code encoding/json} does: keys in byte order, numbers through float64, {@code <>&} escaped. */
final class GoJson {

    private GoJson() {}

    static void write(StringBuilder out, JsonNode node) {
        if (node.isObject()) {
            object(out, node);
        } else if (node.isArray()) {
            array(out, node);
        } else if (node.isString()) {
            string(out, node.stringValue());
        } else if (node.isNumber()) {
            out.append(number(node.decimalValue().doubleValue()));
        } else if (node.isBoolean()) {
            out.append(node.booleanValue());
        } else {
            out.append("null");
        }
    }

    private static void object(StringBuilder out, JsonNode node) {
        List<String> keys = new ArrayList<>(node.propertyNames());
        keys.sort((a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8)));
        char before = '{';
        for (String key : keys) {
            out.append(before);
            string(out, key);
            out.append(':');
            write(out, node.path(key));
            before = ',';
        }
        out.append(keys.isEmpty() ? "{}" : "}");
    }

    private static void array(StringBuilder out, JsonNode node) {
        char before = '[';
        for (JsonNode element : node) {
            out.append(before);
            write(out, element);
            before = ',';
        }
        out.append(node.isEmpty() ? "[]" : "]");
    }

    static void string(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '<', '>', '&', '\u2028', '\u2029' -> unicode(out, c);
                default -> {
                    if (c < ' ') {
                        unicode(out, c);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static void unicode(StringBuilder out, char c) {
        out.append("\\u%04x".formatted((int) c));
    }

    /** The shortest digits that read back as the same float64; an exponent below 1e-6 and from 1e21. */
    static String number(double value) {
        if (value == 0) {
            return "0";
        }
        BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        double size = Math.abs(value);
        if (size >= 1e-6 && size < 1e21) {
            return shortest.toPlainString();
        }
        String digits = shortest.unscaledValue().abs().toString();
        int exponent = shortest.precision() - shortest.scale() - 1;
        return (value < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + (exponent < 0 ? "e" : "e+")
                + exponent;
    }
}
