package dev.shunt.workloads.trace;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.core.Sha256;
import dev.shunt.workloads.trace.SpanMessage.Level;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the members of one Go-format queue message by the rules of the old worker. */
final class RawMessage {

    /** UTF-8 bytes with escapes, so that every key made of such ids fits an index of the database. */
    private static final int LONGEST_ID = 512;

    private static final int LONGEST_MODEL = 1_024;
    private static final BigDecimal LEAST_INT = BigDecimal.valueOf(Integer.MIN_VALUE);
    private static final BigDecimal GREATEST_INT = BigDecimal.valueOf(Integer.MAX_VALUE);

    private final Members trace;
    private final byte[] message;
    private final Instant acceptedAt;
    private final List<String> tolerated = new ArrayList<>();

    RawMessage(Json.Obj root, byte[] message, Instant acceptedAt) {
        this.trace = Members.exact(root, "");
        this.message = message;
        this.acceptedAt = acceptedAt.truncatedTo(ChronoUnit.MICROS);
    }

    static Json.Obj parse(byte[] message) throws WireFault {
        Json root = JsonReader.read(message, JsonReader.Limits.OF_STORE);
        if (root instanceof Json.Obj object) {
            return object;
        }
        throw new WireFault("", "the message must be a JSON object, was " + root.shown());
    }

    /** @param filled for each span in the order of ids; empty if no span has a filled value */
    TraceMessage trace(List<Filled> filled) throws WireFault {
        String id = key(trace, "ID");
        String projectId = key(trace, "ProjectID");
        String sessionId = id(trace, "SessionID");
        String userId = id(trace, "UserID");
        TraceMessage.User user = user();
        String name = required(trace, "Name");
        Instant timestamp = sensible(trace, "Timestamp");
        List<SpanMessage> spans = spans(id, timestamp == null ? acceptedAt : timestamp, filled);
        return new TraceMessage(
                id,
                projectId,
                sessionId,
                userId,
                user,
                name,
                timestamp == null ? acceptedAt : timestamp,
                json(trace.get("Metadata")),
                spans,
                tolerated);
    }

    private TraceMessage.@Nullable User user() throws WireFault {
        Json.Obj object = trace.object("User");
        if (object == null) {
            return null;
        }
        Members user = Members.exact(object, "User");
        return new TraceMessage.User(user.text("Name"), user.text("Email"), json(user.get("Metadata")));
    }

    private List<SpanMessage> spans(String traceId, Instant timestamp, List<Filled> filled) throws WireFault {
        List<Json> elements = trace.array("Spans");
        if (elements == null) {
            throw WireFault.wrongType("Spans", "an array", Json.Null.VALUE);
        }
        List<Members> sources = new ArrayList<>(elements.size());
        List<String> ids = new ArrayList<>(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            String path = "Spans[" + i + "]";
            if (!(elements.get(i) instanceof Json.Obj object)) {
                throw WireFault.wrongType(path, "an object", elements.get(i));
            }
            Members source = Members.exact(object, path);
            sources.add(source);
            ids.add(spanId(source, i));
            tolerateForeignTrace(source, traceId);
        }
        Map<String, Filled> filledOf = byId(ids, filled);
        Map<String, SpanMessage> byId = new HashMap<>();
        List<SpanMessage> spans = new ArrayList<>(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            Filled marks = filledOf.getOrDefault(ids.get(i), Filled.NOTHING);
            SpanMessage span = span(sources.get(i), ids.get(i), timestamp, marks);
            SpanMessage first = byId.putIfAbsent(span.id(), span);
            if (first == null) {
                spans.add(span);
            } else if (first.clientDigest() != span.clientDigest()) {
                throw new WireFault(
                        sources.get(i).at("ID"),
                        "is used twice with different content: " + new Json.Str(span.id()).shown());
            } else {
                tolerated.add(sources.get(i).path());
            }
        }
        return spans;
    }

    private static Map<String, Filled> byId(List<String> ids, List<Filled> inOrder) {
        var sorted = new TreeSet<>(ids);
        Map<String, Filled> filled = new HashMap<>();
        if (sorted.size() == inOrder.size()) {
            sorted.forEach(id -> filled.put(id, inOrder.get(filled.size())));
        }
        return filled;
    }

    private SpanMessage span(Members span, String id, Instant timestamp, Filled filled) throws WireFault {
        Members usage = usage(span);
        Json input = span.get("Input");
        Json output = span.get("Output");
        Json metadata = span.get("Metadata");
        Json modelParameters = span.get("ModelParameters");
        Instant start = sensible(span, "StartTime");
        var undigested = new SpanMessage(
                id,
                span.text("ParentSpanID"),
                required(span, "Name"),
                start == null ? timestamp : start,
                end(span, timestamp),
                json(input),
                json(output),
                json(metadata),
                model(span),
                json(modelParameters),
                count(usage, "PromptTokens"),
                count(usage, "CompletionTokens"),
                count(usage, "TotalTokens"),
                level(span.get("Level")),
                span.text("StatusMessage"),
                0);
        Cells.Span cells = StoredCells.span(
                undigested,
                filled,
                Cell.json(input),
                Cell.json(output),
                Cell.json(metadata),
                Cell.json(modelParameters));
        return undigested.withClientDigest(cells.digest());
    }

    private String spanId(Members span, int index) throws WireFault {
        String id = id(span, "ID");
        if (id != null && !id.isEmpty()) {
            return id;
        }
        tolerated.add(span.at("ID"));
        return derivedSpanId(message, index);
    }

    /** The id of a span that came without one: the same at every delivery of these bytes. */
    static String derivedSpanId(byte[] message, int index) {
        return Sha256.hex(Sha256.hex(message, 64) + '\0' + index, 32);
    }

    private void tolerateForeignTrace(Members span, String traceId) throws WireFault {
        if (!traceId.equals(span.text("TraceID"))) {
            tolerated.add(span.at("TraceID"));
        }
    }

    /** The time, or null and a note if it makes no sense: absent, unreadable or before 2000. */
    private @Nullable Instant sensible(Members members, String name) {
        Instant time = MessageTimes.read(members.get(name));
        if (time == null) {
            tolerated.add(members.at(name));
        }
        return time;
    }

    private @Nullable Instant end(Members span, Instant timestamp) {
        if (MessageTimes.isNone(span.get("EndTime"))) {
            return null;
        }
        Instant end = sensible(span, "EndTime");
        return end == null ? timestamp : end;
    }

    private static Members usage(Members span) throws WireFault {
        Json.Obj usage = span.object("Usage");
        return usage == null ? new Members(span.at("Usage"), Map.of()) : Members.exact(usage, span.at("Usage"));
    }

    private static @Nullable Integer count(Members usage, String name) throws WireFault {
        Json sent = usage.get(name);
        if (sent instanceof Json.Null) {
            return null;
        }
        if (sent instanceof Json.Num number) {
            var value = new BigDecimal(number.text());
            boolean fits = value.compareTo(LEAST_INT) >= 0 && value.compareTo(GREATEST_INT) <= 0;
            if (fits && value.stripTrailingZeros().scale() <= 0) {
                return value.intValueExact();
            }
        }
        throw WireFault.wrongType(usage.at(name), "an integer of 32 bits", sent);
    }

    private static Level level(Json sent) {
        if (sent instanceof Json.Num number) {
            var value = new BigDecimal(number.text());
            for (Level level : Level.values()) {
                if (level != Level.UNSPECIFIED && value.compareTo(BigDecimal.valueOf(level.number())) == 0) {
                    return level;
                }
            }
        }
        return Level.DEFAULT;
    }

    private static @Nullable String model(Members span) throws WireFault {
        String model = span.text("Model");
        checkBytes(span, "Model", model, LONGEST_MODEL);
        return model;
    }

    private static String key(Members members, String name) throws WireFault {
        String id = id(members, name);
        if (id == null || id.isEmpty()) {
            throw new WireFault(members.at(name), "is required");
        }
        return id;
    }

    private static @Nullable String id(Members members, String name) throws WireFault {
        String id = members.text(name);
        checkBytes(members, name, id == null ? null : id.replace("%", "%25").replace(":", "%3A"), LONGEST_ID);
        return id;
    }

    private static void checkBytes(Members members, String name, @Nullable String text, int most) throws WireFault {
        int length = text == null ? 0 : text.getBytes(UTF_8).length;
        if (length > most) {
            throw new WireFault(members.at(name), "must be at most " + most + " bytes, was " + length);
        }
    }

    private static String required(Members members, String name) throws WireFault {
        String text = members.text(name);
        if (text == null) {
            throw WireFault.wrongType(members.at(name), "a string", Json.Null.VALUE);
        }
        return text;
    }

    private static @Nullable String json(Json value) {
        return value instanceof Json.Null ? null : JsonWriter.text(value);
    }
}
