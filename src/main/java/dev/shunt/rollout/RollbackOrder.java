package dev.shunt.rollout;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.core.Workload;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A rollback that was ordered. It is the same order wherever it is kept (file, Redis, Postgres) and is carried out once.
 *
 * @param id unique
 * @param orderedAt when, by the clock of the instance that took it
 * @param policy what becomes of items in flight; null: the setting of who carries it out
 */
record RollbackOrder(
        String id,
        Workload workload,
        Actor actor,
        String reason,
        Instant orderedAt,
        @Nullable InFlightPolicy policy) {

    RollbackOrder(String id, Workload workload, Actor actor, String reason, Instant orderedAt) {
        this(id, workload, actor, reason, orderedAt, null);
    }

    static RollbackOrder of(Workload workload, Actor actor, String reason, Clock clock) {
        return of(workload, actor, reason, null, clock);
    }

    static RollbackOrder of(
            Workload workload, Actor actor, String reason, @Nullable InFlightPolicy policy, Clock clock) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return new RollbackOrder(UUID.randomUUID().toString(), workload, actor, reason, now, policy);
    }

    InFlightPolicy policyOr(Function<Workload, InFlightPolicy> usual) {
        return policy == null ? usual.apply(workload) : policy;
    }

    /** One line that a person can read and {@link #parse} understands. */
    String line() {
        return "id=" + encode(id) + "&workload=" + workload + "&at=" + orderedAt + "&by=" + encode(actor.label())
                + "&verified=" + actor.verified() + "&reason=" + encode(reason)
                + (policy == null ? "" : "&in-flight=" + encode(policy.toString()));
    }

    static Optional<RollbackOrder> parse(String line) {
        try {
            Map<String, String> fields = Arrays.stream(line.strip().split("&"))
                    .map(field -> field.split("=", 2))
                    .collect(Collectors.toMap(field -> field[0], field -> URLDecoder.decode(field[1], UTF_8)));
            return Optional.of(new RollbackOrder(
                    required(fields, "id"),
                    new Workload(required(fields, "workload")),
                    new Actor(required(fields, "by"), "true".equals(fields.get("verified"))),
                    required(fields, "reason"),
                    Instant.parse(required(fields, "at")),
                    fields.containsKey("in-flight") ? InFlightPolicy.of(required(fields, "in-flight")) : null));
        } catch (IllegalArgumentException | DateTimeException | ArrayIndexOutOfBoundsException notOurs) {
            return Optional.empty();
        }
    }

    private static String required(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
