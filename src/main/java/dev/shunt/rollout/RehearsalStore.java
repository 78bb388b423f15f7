package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.rollout.Rehearsal.Flip;
import dev.shunt.rollout.Rehearsal.Outcome;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of rehearsals. */
final class RehearsalStore {

    private static final Duration AWAY = Duration.ofSeconds(2);

    private final JdbcClient sql;

    RehearsalStore(DataSource connections) {
        this.sql = JdbcClient.create(connections);
    }

    /**
     * Begins one, unless another is running.
     *
     * @param atMost how long one takes; one that runs for longer died with its instance
     * @return its id
     */
    Optional<String> begin(
            Workload workload,
            Actor actor,
            String reason,
            String instance,
            Percentage from,
            Epoch epoch,
            Duration atMost) {
        String id = UUID.randomUUID().toString();
        return ask(jdbc -> {
            jdbc.sql("""
                    update rehearsal set outcome = 'FAILED', ended_at = clock_timestamp(),
                        words = 'interrupted: its instance ended; the flag stayed at 0 unless somebody raised it'
                    where workload = :workload and outcome = 'RUNNING'
                        and started_at < clock_timestamp() - make_interval(secs => :atMost)
                    """)
                    .param("workload", workload.name())
                    .param("atMost", (double) atMost.toSeconds())
                    .update();
            int begun = jdbc.sql("""
                            insert into rehearsal
                                (id, workload, ordered_by, verified, reason, instance, from_points, from_epoch)
                            values (:id, :workload, :by, :verified, :reason, :instance, :points, :epoch)
                            on conflict do nothing
                            """)
                    .param("id", id)
                    .param("workload", workload.name())
                    .param("by", actor.label())
                    .param("verified", actor.verified())
                    .param("reason", reason)
                    .param("instance", instance)
                    .param("points", from.basisPoints())
                    .param("epoch", epoch.value())
                    .update();
            return begun > 0 ? Optional.of(id) : Optional.empty();
        });
    }

    void rolledBack(String id, String rollback) {
        ask(jdbc -> jdbc.sql("update rehearsal set rollback = :rollback where id = :id")
                .param("rollback", rollback)
                .param("id", id)
                .update());
    }

    /** Ends it, and takes over from the rollback's proof what was measured. All times are the database's. */
    void end(String id, Outcome outcome, @Nullable Epoch restored, String words) {
        ask(jdbc -> jdbc.sql("""
                        update rehearsal r set outcome = :outcome, words = :words, restored_epoch = :restored,
                            ended_at = clock_timestamp(),
                            at_first = p.at_first,
                            zero_ms = (extract(epoch from p.completed_at - p.recorded_at) * 1000)::bigint,
                            obeyed_ms = (select (extract(epoch from greatest(max(i.acknowledged_at) - p.recorded_at, interval '0')) * 1000)::bigint
                                         from rollback_proof_instance i where i.rollback = p.id)
                        from rehearsal s left join rollback_proof p on p.id = s.rollback
                        where r.id = :id and s.id = r.id
                        """)
                .param("outcome", outcome.name())
                .param("words", words)
                .param("restored", restored == null ? null : restored.value())
                .param("id", id)
                .update());
    }

    /** Newest first. */
    List<Rehearsal> latest(Workload workload, int limit) {
        return ask(jdbc -> jdbc.sql(
                        "select * from rehearsal where workload = :workload order by started_at desc limit :limit")
                .param("workload", workload.name())
                .param("limit", limit)
                .query((row, n) -> rehearsal(row, List.of()))
                .list());
    }

    Optional<Rehearsal> find(Workload workload, String id) {
        List<Flip> flips = ask(jdbc -> jdbc.sql("""
                        select i.instance,
                            (extract(epoch from greatest(i.acknowledged_at - p.recorded_at, interval '0')) * 1000)::bigint as millis
                        from rehearsal r join rollback_proof p on p.id = r.rollback
                            join rollback_proof_instance i on i.rollback = p.id
                        where r.id = :id order by i.instance
                        """)
                .param("id", id)
                .query((row, n) -> new Flip(row.getString("instance"), number(row, "millis")))
                .list());
        return ask(jdbc -> jdbc.sql("select * from rehearsal where workload = :workload and id = :id")
                .param("workload", workload.name())
                .param("id", id)
                .query((row, n) -> rehearsal(row, flips))
                .optional());
    }

    private <T> T ask(Function<JdbcClient, T> question) {
        try {
            return question.apply(sql);
        } catch (DataAccessException e) {
            throw new UnavailableException("rehearsals cannot be read or written", AWAY, e);
        }
    }

    private static Rehearsal rehearsal(ResultSet row, List<Flip> flips) throws SQLException {
        OffsetDateTime ended = row.getObject("ended_at", OffsetDateTime.class);
        OptionalLong restored = number(row, "restored_epoch");
        return new Rehearsal(
                row.getString("id"),
                new Workload(row.getString("workload")),
                row.getString("ordered_by"),
                row.getBoolean("verified"),
                row.getString("reason"),
                new Percentage(row.getInt("from_points")),
                Optional.ofNullable(row.getString("rollback")),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                number(row, "obeyed_ms"),
                number(row, "zero_ms"),
                number(row, "at_first"),
                restored.isPresent() ? Optional.of(new Epoch(restored.getAsLong())) : Optional.empty(),
                Optional.ofNullable(ended).map(OffsetDateTime::toInstant),
                Outcome.valueOf(row.getString("outcome")),
                row.getString("words"),
                flips);
    }

    private static OptionalLong number(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
