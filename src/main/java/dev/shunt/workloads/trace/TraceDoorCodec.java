package dev.shunt.workloads.trace;

import dev.shunt.core.DoorCodec;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Sha256;
import dev.shunt.core.WayIn;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP request of CognObserve's ingest, {@code POST /v1/traces}. See docs/wire-formats.md for every field, default and
 * refusal.
 */
final class TraceDoorCodec implements DoorCodec {

    private static final String IDEMPOTENCY_KEY = "idempotency-key";
    private static final int LONGEST_IDEMPOTENCY_KEY = 255;

    private final RoutingKeyChoice routingKey;
    private final RandomGenerator random;

    /** @param random for ids of traces that nobody named */
    TraceDoorCodec(RoutingKeyChoice routingKey, RandomGenerator random) {
        this.routingKey = routingKey;
        this.random = random;
    }

    @Override
    public String path() {
        return "/v1/traces";
    }

    @Override
    public Reading read(String project, Map<String, String> headers, byte[] body, Instant now) {
        try {
            return accept(project, headers, body, now.truncatedTo(ChronoUnit.MICROS));
        } catch (WireFault fault) {
            String said = fault.getMessage();
            // The one refusal that the old ingest worded itself.
            return new Reading.Refused(400, "name is required".equals(said) ? said : "invalid request body: " + said);
        }
    }

    private Reading accept(String project, Map<String, String> headers, byte[] body, Instant now) throws WireFault {
        if (project.isEmpty() || project.indexOf('\0') >= 0) {
            throw new WireFault("X-Project-ID", "must not be empty or contain NUL characters");
        }
        TraceRequestReader.checkLength("X-Project-ID", project, TraceRequestReader.LONGEST_ID);
        Json root = JsonReader.read(body, JsonReader.Limits.OF_DOOR);
        if (!(root instanceof Json.Obj object)) {
            throw new WireFault("", "it must be a JSON object, was " + root.shown());
        }
        Members members = Members.anyCase(object, "");
        String digest = Sha256.hex(JsonWriter.canonical(root), 16);
        ItemKey key = ItemKey.of(project, traceId(members, project, headers), digest);
        TraceRequest request = TraceRequestReader.read(members, key, now);
        var item = new Item(
                TraceWorkload.TRACE,
                key,
                routingKey.routingKey(key, request.sessionId(), request.userId()),
                GoMessageWriter.write(request),
                WayIn.HTTP,
                now,
                RequestCells.of(request).evidence().text());
        return new Reading.Read(item, new TraceReply(request.id(), request.answeredSpanIds()));
    }

    private String traceId(Members members, String project, Map<String, String> headers) throws WireFault {
        String sent = TraceRequestReader.id(members, "trace_id");
        if (sent != null && !sent.isEmpty()) {
            return sent;
        }
        @Nullable String idempotencyKey = headers.get(IDEMPOTENCY_KEY);
        if (idempotencyKey == null) {
            byte[] id = new byte[16];
            random.nextBytes(id);
            return HexFormat.of().formatHex(id);
        }
        if (idempotencyKey.isEmpty() || idempotencyKey.length() > LONGEST_IDEMPOTENCY_KEY) {
            throw new WireFault(
                    IDEMPOTENCY_KEY,
                    "must be 1.." + LONGEST_IDEMPOTENCY_KEY + " characters, was " + idempotencyKey.length());
        }
        return Sha256.hex(IDEMPOTENCY_KEY + '\0' + project + '\0' + idempotencyKey, 32);
    }
}
