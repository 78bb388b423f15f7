package dev.shunt.rollout;

import dev.shunt.core.UnavailableException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Remembers the answers to orders that carried a key, so that the same order sent twice is carried out once. Kept for a
 * day. An order whose instance died before it answered is free again after a minute; what it orders is conditional on the
 * epoch anyway.
 */
public final class IdempotencyKeys {

    private static final Duration AWAY = Duration.ofSeconds(2);
    private static final String FORGET =
            "delete from idempotency_key where begun_at < clock_timestamp() - interval '1 day'";
    private static final String BEGIN = """
            insert into idempotency_key as k (key, fingerprint) values (?, ?)
            on conflict (key) do update set begun_at = clock_timestamp()
                where k.fingerprint = excluded.fingerprint and k.status is null
                    and k.begun_at < clock_timestamp() - interval '1 minute'
            """;

    private final DataSource connections;

    IdempotencyKeys(DataSource connections) {
        this.connections = connections;
    }

    /** What is known about a key. */
    public sealed interface Known {
        /** Nothing: carry it out, then {@link #finish} or {@link #forget}. */
        record Fresh() implements Known {}

        /** The same order was answered. */
        record Answered(Answer answer) implements Known {}

        /** The same order is being carried out. */
        record Busy() implements Known {}

        /** The key came with another order. */
        record Other() implements Known {}
    }

    /**
     * An answer as it was sent.
     *
     * @param headers one {@code name: value} on each line
     */
    public record Answer(
            int status,
            String headers,
            @SuppressWarnings("ArrayRecordComponent") byte[] body) {}

    /**
     * @param fingerprint of everything that makes two orders the same one
     * @throws UnavailableException if Postgres is away
     */
    public Known begin(String key, String fingerprint) {
        return asking(sql -> {
            sql.sql(FORGET).update();
            if (sql.sql(BEGIN).params(key, fingerprint).update() > 0) {
                return new Known.Fresh();
            }
            return sql.sql("select fingerprint, status, headers, body from idempotency_key where key = ?")
                    .param(key)
                    .query((row, n) -> known(
                            fingerprint,
                            row.getString("fingerprint"),
                            row.getObject("status", Integer.class),
                            row.getString("headers"),
                            row.getBytes("body")))
                    .optional()
                    .orElseGet(Known.Busy::new);
        });
    }

    /** @throws UnavailableException if Postgres is away; the key stays busy for a minute then */
    public void finish(String key, Answer answer) {
        asking(sql -> Optional.of(sql.sql("update idempotency_key set status = ?, headers = ?, body = ? where key = ?")
                .params(answer.status(), answer.headers(), answer.body(), key)
                .update()));
    }

    /**
     * The order failed for a reason of ours: it may be sent again.
     *
     * @throws UnavailableException if Postgres is away; the key stays busy for a minute then
     */
    public void forget(String key) {
        asking(sql -> Optional.of(sql.sql("delete from idempotency_key where key = ? and status is null")
                .param(key)
                .update()));
    }

    private static Known known(
            String wanted,
            String fingerprint,
            @Nullable Integer status,
            @Nullable String headers,
            byte @Nullable [] body) {
        if (!fingerprint.equals(wanted)) {
            return new Known.Other();
        }
        return status == null || headers == null || body == null
                ? new Known.Busy()
                : new Known.Answered(new Answer(status, headers, body));
    }

    private <T> T asking(java.util.function.Function<JdbcClient, T> question) {
        try {
            return question.apply(JdbcClient.create(connections));
        } catch (DataAccessException e) {
            throw new UnavailableException("idempotency keys cannot be looked up", AWAY, e);
        }
    }
}
