package dev.shunt.workloads.trace;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads one JSON text into a {@link Json}. Bytes that are not UTF-8 and lone surrogates become U+FFFD, as Go and Node
 * read them; NUL, which Postgres cannot hold, is refused with its path.
 */
final class JsonReader {

    /**
     * What is taken.
     *
     * @param depth levels of objects and arrays, the outermost included
     * @param integerDigits digits before the point of a number when it is written out
     * @param fractionDigits digits after the point of a number when it is written out
     */
    record Limits(int depth, int integerDigits, int fractionDigits) {

        /** For clients. 400 digits hold every double; more would let a few bytes grow to megabytes in the database. */
        static final Limits OF_DOOR = new Limits(64, 400, 400);

        /** For what producers pushed and for stored rows: what Postgres can hold. */
        static final Limits OF_STORE = new Limits(1_000, 131_072, 16_383);
    }

    // Sizes are bounded by the door's body limit and by Redis; the bounds that matter are checked here, with a path.
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            // A shared symbol table would let chosen keys slow every other request down.
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .build();

    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,63}");

    private final JsonParser parser;
    private final Limits limits;
    private final Deque<Object> path = new ArrayDeque<>();

    private JsonReader(JsonParser parser, Limits limits) {
        this.parser = parser;
        this.limits = limits;
    }

    static Json read(byte[] text, Limits limits) throws WireFault {
        return read(new String(text, UTF_8), limits);
    }

    static Json read(String text, Limits limits) throws WireFault {
        if (text.startsWith("\uFEFF")) {
            throw new WireFault("", "not JSON: it begins with a byte order mark");
        }
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            return new JsonReader(parser, limits).document();
        } catch (JacksonException broken) {
            throw new WireFault("", "not JSON: unreadable" + at(broken));
        }
    }

    private Json document() throws WireFault {
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw new WireFault("", "it is empty");
        }
        Json value = value(first);
        if (parser.nextToken() != null) {
            throw new WireFault("", "not JSON: something follows the first value");
        }
        return value;
    }

    private Json value(@Nullable JsonToken token) throws WireFault {
        if (token == null) {
            throw new WireFault(where(), "not JSON: it ends too early");
        }
        return switch (token) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> new Json.Str(text(parser.getString(), "must not contain NUL characters"));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getString());
            case VALUE_TRUE -> new Json.Bool(true);
            case VALUE_FALSE -> new Json.Bool(false);
            case VALUE_NULL -> Json.Null.VALUE;
            default -> throw new WireFault(where(), "not JSON: unexpected " + token);
        };
    }

    private Json object() throws WireFault {
        Map<String, Json> members = new LinkedHashMap<>();
        enter("");
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = text(parser.currentName(), "must not have a name that contains NUL characters");
            replaceTop(name);
            Json value = value(parser.nextToken());
            members.remove(name); // the last of several counts, also for the order
            members.put(name, value);
            replaceTop("");
        }
        path.pop();
        return new Json.Obj(members);
    }

    private Json array() throws WireFault {
        List<Json> values = new ArrayList<>();
        enter(0);
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            values.add(value(token));
            replaceTop(values.size());
        }
        path.pop();
        return new Json.Arr(values);
    }

    private Json number(String text) throws WireFault {
        int exponentAt = Math.max(text.indexOf('e'), text.indexOf('E'));
        String mantissa = exponentAt < 0 ? text : text.substring(0, exponentAt);
        String exponentText = exponentAt < 0 ? "0" : text.substring(exponentAt + 1);
        int point = mantissa.indexOf('.');
        int sign = mantissa.startsWith("-") ? 1 : 0;
        int before = (point < 0 ? mantissa.length() : point) - sign;
        int after = point < 0 ? 0 : mantissa.length() - point - 1;
        boolean leadingZero = before == 1 && mantissa.charAt(sign) == '0';
        long exponent = exponentText.length() > 12 ? Integer.MAX_VALUE : Long.parseLong(exponentText);
        if ((leadingZero ? 0 : before) + exponent > limits.integerDigits()
                || after - exponent > limits.fractionDigits()) {
            throw new WireFault(
                    where(),
                    "must be a number of at most " + limits.integerDigits() + " digits before and "
                            + limits.fractionDigits() + " after the point, was " + new Json.Num(text).shown());
        }
        return new Json.Num(text);
    }

    private void enter(Object step) throws WireFault {
        if (path.size() == limits.depth()) {
            throw new WireFault(where(), "must not be nested deeper than " + limits.depth() + " levels");
        }
        path.push(step);
    }

    private void replaceTop(Object step) {
        path.pop();
        path.push(step);
    }

    private String text(String raw, String problem) throws WireFault {
        if (raw.indexOf('\0') >= 0) {
            throw new WireFault(where(), problem);
        }
        return wellFormed(raw);
    }

    private static String wellFormed(String text) {
        StringBuilder repaired = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            repaired = repaired == null ? new StringBuilder(text) : repaired;
            repaired.setCharAt(i, '\uFFFD');
        }
        return repaired == null ? text : repaired.toString();
    }

    private String where() {
        var text = new StringBuilder();
        for (Iterator<Object> steps = path.descendingIterator(); steps.hasNext(); ) {
            Object step = steps.next();
            if (step instanceof Integer index) {
                text.append('[').append(index).append(']');
            } else if (PLAIN_NAME.matcher((String) step).matches()) {
                text.append(text.isEmpty() ? "" : ".").append(step);
            } else if (!((String) step).isEmpty()) {
                text.append('[').append(new Json.Str((String) step).shown()).append(']');
            }
        }
        return text.toString();
    }

    // Only where, not Jackson's words: they quote the payload, and reasons go into logs.
    private static String at(JacksonException broken) {
        var at = broken.getLocation();
        return at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    }
}
