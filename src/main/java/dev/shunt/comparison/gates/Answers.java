package dev.shunt.comparison.gates;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.comparison.CustomQuery;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.json.JsonParseException;
import org.springframework.boot.json.JsonParserFactory;

/**
 * Asks what custom gates want to know, in the background: an answer that does not come keeps no other gate waiting. Who
 * asks gets the newest answer, if it is not too old.
 */
final class Answers {

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int LONGEST = 100;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final Clock clock;
    private final Map<CustomQuery, Asked> asked = new ConcurrentHashMap<>();

    Answers(Clock clock) {
        this.clock = clock;
    }

    /**
     * @param value the number; null if there is none
     * @param problem why; null if there is one
     */
    record Answer(@Nullable Double value, @Nullable String problem, Instant at) {}

    private static final class Asked {
        volatile @Nullable Answer newest;
        volatile @Nullable Instant since;
    }

    /** The newest answer, and asks again if that is due. Returns at once. */
    Answer newest(CustomQuery query) {
        Asked mine = asked.computeIfAbsent(query, unseen -> new Asked());
        Instant now = clock.instant();
        Answer newest = mine.newest;
        synchronized (mine) {
            Instant since = mine.since;
            boolean free = since == null
                    || Duration.between(since, now).compareTo(query.timeout().multipliedBy(2)) > 0;
            if (free && (newest == null || Duration.between(newest.at(), now).compareTo(PAUSE) >= 0)) {
                mine.since = now;
                ask(query, mine);
            }
        }
        if (newest == null) {
            return new Answer(null, "not answered yet", now);
        }
        Duration old = Duration.between(newest.at(), now);
        Duration most = PAUSE.plus(query.timeout()).multipliedBy(3);
        return old.compareTo(most) > 0
                ? new Answer(null, "the last answer is " + old.toSeconds() + " s old", now)
                : newest;
    }

    private void ask(CustomQuery query, Asked mine) {
        HttpRequest request = HttpRequest.newBuilder(address(query))
                .timeout(query.timeout())
                .GET()
                .build();
        var exchange = http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        var unused = exchange.thenApply(answer -> read(query, answer.statusCode(), answer.body()))
                .orTimeout(query.timeout().toNanos(), TimeUnit.NANOSECONDS) // the request's own ends with the headers
                .exceptionally(failure -> failed(query, failure))
                .thenAccept(answer -> {
                    exchange.cancel(true); // if it still goes on
                    mine.newest = answer;
                    mine.since = null;
                });
    }

    private Answer failed(CustomQuery query, Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return new Answer(null, query.url() + " does not answer: " + cause, clock.instant());
    }

    private static URI address(CustomQuery query) {
        if (query.kind() == CustomQuery.Kind.HTTP) {
            return query.url();
        }
        String base = query.url().toString().replaceFirst("/+$", "");
        return URI.create(base + "/api/v1/query?query=" + URLEncoder.encode(query.expression(), UTF_8));
    }

    private Answer read(CustomQuery query, int status, String body) {
        Instant now = clock.instant();
        if (status != 200) {
            return new Answer(null, query.url() + " answered " + status, now);
        }
        try {
            Object json = body.stripLeading().startsWith("[")
                    ? JsonParserFactory.getJsonParser().parseList(body)
                    : JsonParserFactory.getJsonParser().parseMap(body);
            Object found = query.kind() == CustomQuery.Kind.HTTP ? at(json, query.expression()) : prometheus(json);
            double value =
                    found instanceof Number number ? number.doubleValue() : Double.parseDouble(String.valueOf(found));
            return Double.isFinite(value)
                    ? new Answer(value, null, now)
                    : new Answer(null, query.url() + " answered " + value, now);
        } catch (JsonParseException | NumberFormatException unreadable) {
            String shown = body.substring(0, Math.min(LONGEST, body.length()));
            return new Answer(null, query.url() + " answered no number at " + query.expression() + ": " + shown, now);
        }
    }

    private static @Nullable Object at(@Nullable Object json, String path) {
        Object here = json;
        for (String step : path.split("\\.")) {
            if (here instanceof Map<?, ?> map) {
                here = map.get(step);
            } else if (here instanceof List<?> list
                    && step.matches("\\d{1,6}")
                    && Integer.parseInt(step) < list.size()) {
                here = list.get(Integer.parseInt(step));
            } else {
                return null;
            }
        }
        return here;
    }

    /** One scalar, or a vector of exactly one sample. */
    private static @Nullable Object prometheus(@Nullable Object json) {
        Object data = at(json, "data.result");
        if ("scalar".equals(at(json, "data.resultType"))) {
            return at(data, "1");
        }
        return data instanceof List<?> samples && samples.size() == 1 ? at(samples, "0.value.1") : null;
    }
}
