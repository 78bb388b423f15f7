package dev.shunt.workloads.trace;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes JSON text, compact and with sorted keys: as Go's {@code encoding/json} writes maps, or in the canonical form
 * that digests are taken over. The two differ in numbers only: one keeps their text, the other their value.
 */
final class JsonWriter {

    /** Go sorts keys by their UTF-8 bytes, which is the order of code points and not that of Java's chars. */
    static final Comparator<String> BY_CODE_POINT = JsonWriter::compareCodePoints;

    private static final char[] HEX = "0123456789abcdef".toCharArray();
    private static final boolean[] PLAIN = new boolean[128];

    static {
        for (char c = ' '; c < PLAIN.length; c++) {
            PLAIN[c] = "\"\\<>&".indexOf(c) < 0;
        }
    }

    private final StringBuilder out;
    private final boolean canonical;

    private JsonWriter(StringBuilder out, boolean canonical) {
        this.out = out;
        this.canonical = canonical;
    }

    /** As Go writes it, except that numbers keep the text they came with. */
    static String text(Json value) {
        var out = new StringBuilder();
        append(out, value);
        return out.toString();
    }

    static void append(StringBuilder out, Json value) {
        new JsonWriter(out, false).write(value);
    }

    /** The same text for every way to write the same value: {@code 0.10}, {@code 0.100000} and {@code 1e-1} are one. */
    static String canonical(Json value) {
        var out = new StringBuilder();
        new JsonWriter(out, true).write(value);
        return out.toString();
    }

    static String quoted(String text) {
        var out = new StringBuilder(text.length() + 2);
        appendQuoted(out, text);
        return out.toString();
    }

    static void appendQuoted(StringBuilder out, String text) {
        out.append('"');
        int plainFrom = 0; // what needs no escape is copied in runs: char by char it was the dearest line of a drain
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                continue;
            }
            out.append(text, plainFrom, i);
            plainFrom = i + 1;
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> appendEscaped(out, c);
            }
        }
        out.append(text, plainFrom, text.length()).append('"');
    }

    private static boolean isPlain(char c) {
        return c < PLAIN.length ? PLAIN[c] : c != '\u2028' && c != '\u2029';
    }

    private void write(Json value) {
        switch (value) {
            case Json.Null ignored -> out.append("null");
            case Json.Bool bool -> out.append(bool.value());
            case Json.Num number -> out.append(canonical ? byValue(number.text()) : number.text());
            case Json.Str text -> appendQuoted(out, text.value());
            case Json.Arr array -> writeArray(array);
            case Json.Obj object -> writeObject(object);
        }
    }

    private void writeArray(Json.Arr array) {
        out.append('[');
        String separator = "";
        for (Json element : array.values()) {
            out.append(separator);
            write(element);
            separator = ",";
        }
        out.append(']');
    }

    private void writeObject(Json.Obj object) {
        var sorted = new TreeMap<String, Json>(BY_CODE_POINT);
        sorted.putAll(object.members());
        out.append('{');
        String separator = "";
        for (Map.Entry<String, Json> member : sorted.entrySet()) {
            out.append(separator);
            appendQuoted(out, member.getKey());
            out.append(':');
            write(member.getValue());
            separator = ",";
        }
        out.append('}');
    }

    private static String byValue(String number) {
        BigDecimal value = new BigDecimal(number).stripTrailingZeros();
        return value.signum() == 0 ? "0" : value.unscaledValue() + "e" + -(long) value.scale();
    }

    private static void appendEscaped(StringBuilder out, char c) {
        out.append("\\u").append(HEX[c >> 12]).append(HEX[(c >> 8) & 15]);
        out.append(HEX[(c >> 4) & 15]).append(HEX[c & 15]);
    }

    private static int compareCodePoints(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char left = a.charAt(i);
            char right = b.charAt(i);
            if (left != right) {
                return rank(left) - rank(right);
            }
        }
        return a.length() - b.length();
    }

    // Surrogates stand for code points above every other char.
    private static int rank(char c) {
        return Character.isSurrogate(c) ? c + 0x10000 : c;
    }
}
