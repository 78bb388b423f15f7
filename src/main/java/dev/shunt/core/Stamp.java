package dev.shunt.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The mark inside a queue message that says what was already decided about it: the member {@code "Shunt"}, always the
 * last one of the message's JSON object, which old consumers ignore.
 *
 * <p>It is read and written as text at the end of the message, so that the message before it stays byte for byte what
 * the producer sent: the dead-letter list, the item digest and exact numbers depend on that. Only the exact form that
 * {@link #appendTo} writes is recognised; anything else is content.
 *
 * @param key the item
 * @param decision its route
 * @param wayIn how it came
 * @param acceptedAt when, to the microsecond
 * @param evidence see {@link Item#evidence()}
 * @param lineage see {@link Item#lineage()}; a member of its own before the stamp, because versions before it read
 *     only the form of the stamp that they know, and pass over members that they do not
 */
public record Stamp(
        ItemKey key, RouteDecision decision, WayIn wayIn, Instant acceptedAt, String evidence, Lineage lineage) {

    private static final byte[] OPENING = "\"Shunt\":{\"key\":".getBytes(UTF_8);
    private static final String STRING = "\"((?:[^\"\\\\\\x00-\\x1f]|\\\\[\"\\\\]|\\\\u[0-9a-f]{4})*+)\"";
    private static final Pattern FORM = Pattern.compile("\"Shunt\":\\{\"key\":" + STRING
            + ",\"route\":\"(LEGACY|TEMPORAL)\",\"epoch\":(\\d{1,18}),\"reason\":\"([A-Z]+)\""
            + ",\"acceptedAt\":\"([^\"]+)\",\"wayIn\":\"([A-Z]+)\",\"decided\":\"(LEGACY|TEMPORAL)\""
            + ",\"bucket\":(\\d{1,4}),\"basisPoints\":(\\d{1,5}),\"evidence\":" + STRING + "\\}\\}\\s*");

    private static final byte[] LINEAGE_OPENING = "\"ShuntTrace\":\"".getBytes(UTF_8);
    private static final Pattern LINEAGE = Pattern.compile("\"ShuntTrace\":" + STRING + ",");
    private static final int LONGEST_LINEAGE = 1_200;

    /** One that belongs to nothing. */
    public Stamp(ItemKey key, RouteDecision decision, WayIn wayIn, Instant acceptedAt, String evidence) {
        this(key, decision, wayIn, acceptedAt, evidence, Lineage.NONE);
    }

    /**
     * A queue message taken apart.
     *
     * @param stamp what was decided, if the message carries a stamp
     * @param message the message without it, byte for byte
     */
    public record Stamped(
            Optional<Stamp> stamp,
            @SuppressWarnings("ArrayRecordComponent") byte[] message) {}

    /** Takes the stamp off a message; a message without one comes back as it is. */
    public static Stamped split(byte[] raw) {
        int start = lastIndexOf(raw, OPENING);
        if (start <= 0 || (raw[start - 1] != ',' && lastVisible(raw, start - 1) != '{')) {
            return new Stamped(Optional.empty(), raw);
        }
        Matcher form = FORM.matcher(new String(raw, start, raw.length - start, UTF_8));
        Optional<Stamp> stamp = form.matches() ? parse(form) : Optional.empty();
        if (stamp.isEmpty()) {
            return new Stamped(stamp, raw);
        }
        int from = beginOfLineage(raw, start);
        int end = raw[from - 1] == ',' ? from - 1 : from;
        byte[] message = Arrays.copyOf(raw, end + 1);
        message[end] = '}';
        return new Stamped(stamp.map(found -> found.withLineage(lineage(raw, from, start))), message);
    }

    /** Where the lineage before a stamp begins; where the stamp begins if there is none. */
    private static int beginOfLineage(byte[] raw, int stamp) {
        if (stamp < 2 || raw[stamp - 1] != ',' || raw[stamp - 2] != '"') {
            return stamp;
        }
        for (int i = stamp - LINEAGE_OPENING.length; i > 0 && i > stamp - LONGEST_LINEAGE; i--) {
            if (Arrays.equals(raw, i, i + LINEAGE_OPENING.length, LINEAGE_OPENING, 0, LINEAGE_OPENING.length)) {
                boolean member = raw[i - 1] == ',' || lastVisible(raw, i - 1) == '{';
                return member && lineage(raw, i, stamp).isKnown() ? i : stamp;
            }
        }
        return stamp;
    }

    private static Lineage lineage(byte[] raw, int from, int to) {
        Matcher form = LINEAGE.matcher(new String(raw, from, to - from, UTF_8));
        if (!form.matches()) {
            return Lineage.NONE;
        }
        String text = unquote(form.group(1));
        int separator = text.indexOf(';');
        return separator < 0
                ? Lineage.of(text, "")
                : Lineage.of(text.substring(0, separator), text.substring(separator + 1));
    }

    /**
     * The message with this stamp as its last member.
     *
     * @param message one JSON object without a stamp
     */
    public byte[] appendTo(byte[] message) {
        int close = message.length - 1;
        while (close >= 0 && Character.isWhitespace(message[close])) {
            close--;
        }
        if (close < 1 || message[close] != '}') {
            throw new IllegalArgumentException("only a JSON object can be stamped; message of " + key + " is not one");
        }
        boolean empty = lastVisible(message, close - 1) == '{';
        byte[] mark = ((empty ? "" : ",") + lineageText() + text() + "}").getBytes(UTF_8);
        byte[] stamped = Arrays.copyOf(message, close + mark.length);
        System.arraycopy(mark, 0, stamped, close, mark.length);
        return stamped;
    }

    public Stamp withDecision(RouteDecision changed) {
        return new Stamp(key, changed, wayIn, acceptedAt, evidence, lineage);
    }

    /** The same without its evidence, which grows with the item: small enough to go wherever the key goes. */
    public Stamp withoutEvidence() {
        return new Stamp(key, decision, wayIn, acceptedAt, "", lineage);
    }

    /** The same with the evidence that was recorded elsewhere. */
    public Stamp withEvidence(String recorded) {
        return new Stamp(key, decision, wayIn, acceptedAt, recorded, lineage);
    }

    /** The same, belonging to something else; {@link Lineage#NONE} leaves no member in the message. */
    public Stamp withLineage(Lineage other) {
        return new Stamp(key, decision, wayIn, acceptedAt, evidence, other);
    }

    private String lineageText() {
        if (!lineage.isKnown()) {
            return "";
        }
        String text = lineage.state().isEmpty() ? lineage.parent() : lineage.parent() + ";" + lineage.state();
        return "\"ShuntTrace\":" + quote(text) + ",";
    }

    private String text() {
        return "\"Shunt\":{\"key\":" + quote(key.value()) + ",\"route\":\"" + decision.executed() + "\",\"epoch\":"
                + decision.epoch() + ",\"reason\":\"" + decision.reason() + "\",\"acceptedAt\":\"" + acceptedAt
                + "\",\"wayIn\":\"" + wayIn + "\",\"decided\":\"" + decision.decided() + "\",\"bucket\":"
                + decision.bucket() + ",\"basisPoints\":"
                + decision.percentage().basisPoints() + ",\"evidence\":"
                + quote(evidence) + "}";
    }

    private static Optional<Stamp> parse(Matcher form) {
        try {
            var decision = new RouteDecision(
                    Route.valueOf(form.group(7)),
                    Route.valueOf(form.group(2)),
                    Reason.valueOf(form.group(4)),
                    new Bucket(Integer.parseInt(form.group(8))),
                    new Percentage(Integer.parseInt(form.group(9))),
                    new Epoch(Long.parseLong(form.group(3))));
            return Optional.of(new Stamp(
                    new ItemKey(unquote(form.group(1))),
                    decision,
                    WayIn.valueOf(form.group(6)),
                    Instant.parse(form.group(5)),
                    unquote(form.group(10))));
        } catch (IllegalArgumentException | DateTimeException notOurs) {
            return Optional.empty(); // looks like a stamp but never was one: it stays content
        }
    }

    private static String quote(String text) {
        var quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append("\\u00").append(c < 16 ? "0" : "").append(Integer.toHexString(c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    private static String unquote(String quoted) {
        var text = new StringBuilder(quoted.length());
        for (int i = 0; i < quoted.length(); i++) {
            char c = quoted.charAt(i);
            if (c != '\\') {
                text.append(c);
            } else if (quoted.charAt(i + 1) == 'u') {
                text.append((char) Integer.parseInt(quoted.substring(i + 2, i + 6), 16));
                i += 5;
            } else {
                text.append(quoted.charAt(++i));
            }
        }
        return text.toString();
    }

    private static int lastVisible(byte[] text, int from) {
        int i = from;
        while (i > 0 && Character.isWhitespace(text[i])) {
            i--;
        }
        return text[i];
    }

    private static int lastIndexOf(byte[] text, byte[] part) {
        for (int i = text.length - part.length; i >= 0; i--) {
            if (Arrays.equals(text, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        return -1;
    }
}
