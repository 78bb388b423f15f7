package dev.shunt.rollout;

import dev.shunt.core.UnavailableException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the webhook is still to be told. A message is given to one instance at a time and again if that one is silent. */
final class WebhookOutbox {

    private static final Duration AWAY = Duration.ofSeconds(2);
    /** Older news is no news: somebody who sets up a webhook is not told of last month. */
    private static final String DUE = "delivered_at is null and created_at > clock_timestamp() - interval '1 day'";

    private final JdbcClient sql;

    WebhookOutbox(DataSource connections) {
        this.sql = JdbcClient.create(connections);
    }

    /**
     * @param eventId the same with every try
     * @param body JSON
     * @param attempts tries so far, this one included
     */
    record Message(
            long id,
            String eventId,
            String kind,
            String workload,
            String body,
            int attempts,
            @Nullable String by,
            @Nullable String reason,
            @Nullable String detail) {

        /** One sentence. */
        String words() {
            return "Shunt: " + kind.replace('-', ' ') + " of " + workload + (by == null ? "" : " by " + by)
                    + (reason == null ? "" : ": " + reason) + (detail == null ? "" : " (" + detail + ")");
        }
    }

    /**
     * The oldest message that is due, for this instance alone for a while.
     *
     * @param lease after which another one may try it
     */
    Optional<Message> next(Duration lease) {
        return ask(jdbc -> jdbc.sql("""
                        update webhook_outbox o set attempts = attempts + 1,
                            next_try_at = clock_timestamp() + make_interval(secs => :lease)
                        where id = (select id from webhook_outbox where next_try_at <= clock_timestamp() and\s""" + DUE + """
                                    order by id limit 1 for update skip locked)
                        returning id, event_id, kind, workload, body::text, attempts, body ->> 'by', body ->> 'reason',
                            coalesce(body ->> 'detail', body ->> 'instance',
                                     'took ' || (body ->> 'tookMillis') || ' ms',
                                     (body ->> 'fromPhase') || ' -> ' || (body ->> 'toPhase'))
                        """)
                .param("lease", lease.toMillis() / 1_000.0)
                .query(WebhookOutbox::message)
                .optional());
    }

    void delivered(Message message) {
        ask(jdbc -> jdbc.sql(
                        "update webhook_outbox set delivered_at = clock_timestamp(), last_error = null where id = :id")
                .param("id", message.id())
                .update());
    }

    void failed(Message message, String why, Duration pause) {
        ask(jdbc -> jdbc.sql("""
                        update webhook_outbox set last_error = :why,
                            next_try_at = clock_timestamp() + make_interval(secs => :pause) where id = :id
                        """)
                .param("why", why)
                .param("pause", pause.toMillis() / 1_000.0)
                .param("id", message.id())
                .update());
    }

    /** Tells of instances that do not obey a rollback, once each. */
    static void tellLaggards(JdbcClient jdbc, String workload, String rollback) {
        jdbc.sql("""
                select webhook_tell('laggard-' || p.epoch || '-' || i.instance, 'laggard', :workload, jsonb_build_object(
                    'at', clock_timestamp(), 'rollback', p.id, 'epoch', p.epoch, 'instance', i.instance,
                    'obeys', i.epoch, 'leaseEndsAt', i.lease_ends_at,
                    'reason', i.instance || ' has not acknowledged the rollback'))
                from rollback_proof_instance i join rollback_proof p on p.id = i.rollback
                where p.id = :id and i.state = 'LAGGARD' and p.recorded_at < clock_timestamp() - interval '2 seconds'
                    and not exists (select 1 from webhook_outbox o where o.event_id = 'laggard-' || p.epoch || '-' || i.instance)
                """)
                .param("workload", workload)
                .param("id", rollback)
                .query((row, n) -> n)
                .list();
    }

    /** How many are waiting. */
    long waiting() {
        return ask(jdbc -> jdbc.sql("select count(*) from webhook_outbox where " + DUE)
                .query(Long.class)
                .single());
    }

    private <T> T ask(Function<JdbcClient, T> question) {
        try {
            return question.apply(sql);
        } catch (DataAccessException e) {
            throw new UnavailableException("the webhook's outbox cannot be read or written", AWAY, e);
        }
    }

    private static Message message(ResultSet row, int number) throws SQLException {
        return new Message(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getInt(6),
                row.getString(7),
                row.getString(8),
                row.getString(9));
    }
}
