package dev.shunt.workloads.trace;

import dev.shunt.core.ItemKey;
import dev.shunt.core.Sha256;
import dev.shunt.workloads.trace.TraceRequest.Span;
import dev.shunt.workloads.trace.TraceRequest.Usage;
import dev.shunt.workloads.trace.TraceRequest.User;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the body of a {@code POST /v1/traces}: the fields, defaults and types of the old ingest, and the door's bounds. */
final class TraceRequestReader {

    static final int MOST_SPANS = 1_000;
    static final int LONGEST_ID = 128;
    static final int LONGEST_MODEL = 256;

    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant TOO_LATE = Instant.parse("2101-01-01T00:00:00Z");

    private final Members body;
    private final ItemKey key;
    private final WireTime now;

    private TraceRequestReader(Members body, ItemKey key, Instant now) {
        this.body = body;
        this.key = key;
        this.now = WireTime.utc(now);
    }

    /**
     * @param body the request's members
     * @param key the item's key; its subject is the trace id
     */
    static TraceRequest read(Members body, ItemKey key, Instant now) throws WireFault {
        return new TraceRequestReader(body, key, now).trace();
    }

    /** An id of bounded length, or null. */
    static @Nullable String id(Members members, String name) throws WireFault {
        return bounded(members, name, LONGEST_ID);
    }

    private TraceRequest trace() throws WireFault {
        String sessionId = id(body, "session_id");
        String userId = id(body, "user_id");
        User user = user();
        String name = body.text("name");
        Json.Obj metadata = body.object("metadata");
        Map<String, Span> spans = new LinkedHashMap<>();
        List<String> answered = spans(spans);
        if (name == null || name.isEmpty()) {
            throw new WireFault("name", "is required");
        }
        return new TraceRequest(
                key.subject(),
                key.project(),
                sessionId,
                userId,
                user,
                name,
                now,
                metadata,
                List.copyOf(spans.values()),
                answered);
    }

    private @Nullable User user() throws WireFault {
        Json.Obj object = body.object("user");
        if (object == null) {
            return null;
        }
        Members user = Members.anyCase(object, body.at("user"));
        return new User(user.text("name"), user.text("email"), user.object("metadata"));
    }

    private List<String> spans(Map<String, Span> byId) throws WireFault {
        List<Json> elements = body.array("spans");
        if (elements == null) {
            return List.of();
        }
        if (elements.size() > MOST_SPANS) {
            throw new WireFault("spans", "must be at most " + MOST_SPANS + ", was " + elements.size());
        }
        List<String> answered = new ArrayList<>(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            String path = "spans[" + i + "]";
            if (!(elements.get(i) instanceof Json.Obj object)) {
                throw WireFault.wrongType(path, "an object", elements.get(i));
            }
            Span span = span(Members.anyCase(object, path), i);
            Span first = byId.putIfAbsent(span.id(), span);
            if (first != null && !first.equals(span)) {
                throw new WireFault(
                        path + ".span_id", "is used twice with different content: " + JsonWriter.quoted(span.id()));
            }
            answered.add(span.id());
        }
        return List.copyOf(answered);
    }

    private Span span(Members span, int index) throws WireFault {
        String sentId = id(span, "span_id");
        // From the key and not at random, so that a repeated request answers the same ids.
        String id = sentId == null || sentId.isEmpty() ? Sha256.hex(key.value() + '\0' + index, 32) : sentId;
        WireTime sentStart = time(span, "start_time");
        WireTime sentEnd = time(span, "end_time");
        if (sentStart != null && sentEnd != null && sentEnd.instant().isBefore(sentStart.instant())) {
            throw new WireFault(
                    span.at("end_time"),
                    "must not be before start_time " + sentStart.text() + ", was " + sentEnd.text());
        }
        return new Span(
                id,
                id(span, "parent_span_id"),
                orEmpty(span.text("name")),
                sentStart == null ? notAfter(sentEnd) : sentStart,
                sentEnd == null ? notBefore(sentStart) : sentEnd,
                span.object("input"),
                span.object("output"),
                span.object("metadata"),
                bounded(span, "model", LONGEST_MODEL),
                span.object("model_parameters"),
                usage(span),
                level(span),
                span.text("status_message"),
                new Filled(sentStart == null, sentEnd == null));
    }

    // A clock that runs ahead of ours must not make a span end before it starts.
    private WireTime notAfter(@Nullable WireTime end) {
        return end != null && end.instant().isBefore(now.instant()) ? end : now;
    }

    private WireTime notBefore(@Nullable WireTime start) {
        return start != null && start.instant().isAfter(now.instant()) ? start : now;
    }

    private static @Nullable Usage usage(Members span) throws WireFault {
        Json.Obj object = span.object("usage");
        if (object == null) {
            return null;
        }
        Members usage = Members.anyCase(object, span.at("usage"));
        return new Usage(
                tokens(usage, "prompt_tokens"), tokens(usage, "completion_tokens"), tokens(usage, "total_tokens"));
    }

    private static @Nullable Integer tokens(Members usage, String name) throws WireFault {
        Json sent = usage.get(name);
        if (sent instanceof Json.Null) {
            return null;
        }
        if (sent instanceof Json.Num number && number.text().matches("-0|\\d{1,10}")) {
            long count = Long.parseLong(number.text());
            if (count <= Integer.MAX_VALUE) {
                return (int) count;
            }
        }
        throw WireFault.wrongType(usage.at(name), "0.." + Integer.MAX_VALUE, sent);
    }

    private static SpanMessage.Level level(Members span) throws WireFault {
        return switch (orEmpty(span.text("level"))) {
            case "DEBUG" -> SpanMessage.Level.DEBUG;
            case "WARNING" -> SpanMessage.Level.WARNING;
            case "ERROR" -> SpanMessage.Level.ERROR;
            default -> SpanMessage.Level.DEFAULT;
        };
    }

    private static @Nullable WireTime time(Members span, String name) throws WireFault {
        String text = span.text(name);
        if (text == null) {
            return null;
        }
        WireTime time = WireTime.parse(text)
                .orElseThrow(() -> WireFault.wrongType(
                        span.at(name), "an RFC 3339 time such as 2026-11-21T21:10:42.018Z", new Json.Str(text)));
        if (time.instant().isBefore(EARLIEST) || !time.instant().isBefore(TOO_LATE)) {
            throw WireFault.wrongType(span.at(name), "within the years 2000..2100", new Json.Str(text));
        }
        return time;
    }

    private static @Nullable String bounded(Members members, String name, int most) throws WireFault {
        String text = members.text(name);
        if (text != null) {
            checkLength(members.at(name), text, most);
        }
        return text;
    }

    static void checkLength(String path, String text, int most) throws WireFault {
        int length = text.codePointCount(0, text.length());
        if (length > most) {
            throw new WireFault(path, "must be at most " + most + " characters, was " + length);
        }
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
