package dev.shunt.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Requests recorded from a real client. Each run makes as many new traces of them as it wants. */
public final class Recordings {

    static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final List<ObjectNode> recorded;
    private final Random random;
    private final List<ObjectNode> deck = new ArrayList<>();
    private final Map<String, Integer> seen = new HashMap<>();
    private @Nullable VariedRequests made;

    Recordings(List<ObjectNode> recorded, long seed) {
        this.recorded = List.copyOf(recorded);
        this.random = new Random(seed);
    }

    /**
     * The recorded requests that come with Shunt, and some made by hand with what the recorded client never sends; the
     * same seed gives the same traces.
     */
    public static Recordings published(long seed) {
        return new Recordings(
                Stream.concat(read("/demo/requests.jsonl").stream(), read("/demo/odd-requests.jsonl").stream())
                        .toList(),
                seed);
    }

    /** The same, and of every two traces one, on average, of content that was made up. */
    public static Recordings varied(long seed) {
        Recordings recordings = published(seed);
        recordings.made = new VariedRequests(recordings.random);
        return recordings;
    }

    /** Only those that were made by hand. */
    public static Recordings odd(long seed) {
        return new Recordings(read("/demo/odd-requests.jsonl"), seed);
    }

    private static List<ObjectNode> read(String resource) {
        try (InputStream file = Objects.requireNonNull(Recordings.class.getResourceAsStream(resource), resource);
                var lines = new BufferedReader(new InputStreamReader(file, UTF_8))) {
            return lines.lines().map(line -> (ObjectNode) JSON.readTree(line)).toList();
        } catch (IOException e) {
            throw new DemoFailure("Could not read the recorded requests", e);
        }
    }

    /** A new trace; every recorded request is used once before one is used again. */
    public DemoTrace next(Phase phase, DemoTrace.Way way, Instant at) {
        ObjectNode request = made != null && random.nextBoolean() ? made.next() : recorded();
        String id = newId();
        request.put("trace_id", id);
        Instant now = at.plusNanos(random.nextInt(1000) * 1000L); // recorded clocks stop at milliseconds, others do not
        rename(request.path("spans"));
        shift(request.path("spans"), now);
        return new DemoTrace(phase, way, id, request, now);
    }

    private ObjectNode recorded() {
        if (deck.isEmpty()) {
            deck.addAll(recorded);
            Collections.shuffle(deck, random);
        }
        ObjectNode request = deck.removeLast().deepCopy();
        newcomer(request);
        return request;
    }

    /**
     * Whoever tells something about a user does so as another user each time: what is told is kept of the first time only,
     * and in a rollout the legacy route is the first to meet everybody who comes again.
     */
    private void newcomer(ObjectNode request) {
        if (request.path("user").has("metadata")) {
            String user = request.path("user_id").stringValue();
            request.put("user_id", user + "-" + seen.merge(user, 1, Integer::sum));
        }
    }

    /** A second request for the same trace, with spans of its own. */
    public DemoTrace again(DemoTrace first, Instant at) {
        DemoTrace other = next(first.phase(), first.way(), at);
        ObjectNode request = other.request().put("trace_id", first.id());
        return new DemoTrace(first.phase(), first.way(), first.id(), request, other.receivedAt());
    }

    private void rename(JsonNode spans) {
        Map<String, String> names = new HashMap<>();
        for (JsonNode span : spans) {
            for (String field : List.of("span_id", "parent_span_id")) {
                JsonNode id = span.path(field);
                if (id.isString() && !id.stringValue().isEmpty()) {
                    ((ObjectNode) span).put(field, names.computeIfAbsent(id.stringValue(), old -> newId()));
                }
            }
        }
    }

    private static void shift(JsonNode spans, Instant now) {
        List<Instant> times = spans.valueStream()
                .flatMap(span -> Stream.of(span.path("start_time"), span.path("end_time")))
                .filter(JsonNode::isString)
                .map(time -> Instant.parse(time.stringValue()))
                .sorted()
                .toList();
        Instant first = times.isEmpty() ? now : times.getFirst();
        Instant last = times.isEmpty() ? now : times.getLast();
        // what took days began days ago
        Duration by = Duration.between(first, now)
                .minusDays(Duration.between(first, last).toDays());
        for (JsonNode span : spans) {
            for (String field : List.of("start_time", "end_time")) {
                JsonNode time = span.path(field);
                if (time.isString()) {
                    ((ObjectNode) span)
                            .put(
                                    field,
                                    Instant.parse(time.stringValue()).plus(by).toString());
                }
            }
        }
    }

    private String newId() {
        return "%016x%016x".formatted(random.nextLong(), random.nextLong());
    }
}
