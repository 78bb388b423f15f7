package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.rollout.RollbackProof.Obedience;
import dev.shunt.rollout.RollbackProof.Standing;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows that rollbacks are followed by. Every change is conditional, so that any number of instances may make it. */
final class ProofStore {

    private static final Duration AWAY = Duration.ofSeconds(2);
    private static final String COLUMNS = """
            select p.id, p.epoch, p.ordered_at, p.ordered_by, p.verified, p.reason, p.in_flight, p.recorded_at,
                   p.fenced_at, p.obeyed_at, p.at_first, p.remaining, p.completed_at,
                   p.recalled + coalesce((select sum(r.items) from rollback_recalled r where r.rollback = p.id), 0) as recalled
            from rollback_proof p where (p.workload = :workload or p.feature = :feature)
            """;
    /** Instances heard of in the last ten minutes, and those of the proof that are not heard of any more. */
    private static final String LOOK = """
            with seen as (
                select a.instance, a.epoch, a.seen_at + make_interval(secs => (a.lease_ms + 1000) / 1000.0) as ends_at,
                       case when a.held or a.epoch >= :epoch then 'OBEYS'
                            when a.leaseless
                                or a.seen_at + make_interval(secs => (a.lease_ms + 1000) / 1000.0) > clock_timestamp() then 'LAGGARD'
                            else 'LEASE_ENDED' end as state,
                       (select min(k.at) from flag_acknowledged k
                        where k.workload = :workload and k.epoch >= :epoch and k.instance = a.instance) as acknowledged_at
                from flag_acknowledgement a
                where a.workload = :workload and a.seen_at > clock_timestamp() - interval '10 minutes'),
            written as (
                insert into rollback_proof_instance as i
                    (rollback, instance, epoch, state, acknowledged_at, lease_ends_at)
                select :id, instance, epoch, state, acknowledged_at, ends_at from seen
                order by instance
                on conflict (rollback, instance) do update
                    set epoch = excluded.epoch, state = excluded.state, lease_ends_at = excluded.lease_ends_at,
                        acknowledged_at = coalesce(i.acknowledged_at, excluded.acknowledged_at)
                    where (i.epoch, i.state) is distinct from (excluded.epoch, excluded.state)
                returning 1)
            update rollback_proof_instance i set state = 'LEFT'
            where i.rollback = :id and i.state = 'LAGGARD' and not exists (select 1 from seen s where s.instance = i.instance)
            """;

    private final JdbcClient sql;

    ProofStore(DataSource connections) {
        this.sql = JdbcClient.create(connections);
    }

    /**
     * @param policy null: the setting decides
     */
    record Row(
            String id,
            Epoch epoch,
            Instant orderedAt,
            String orderedBy,
            boolean verified,
            String reason,
            @Nullable InFlightPolicy policy,
            Instant recordedAt,
            Optional<Instant> fencedAt,
            Optional<Instant> obeyedAt,
            OptionalLong atFirst,
            OptionalLong remaining,
            long recalled,
            Optional<Instant> completedAt) {}

    /** Rollbacks that are not complete, oldest first. */
    List<Row> open(Workload workload, String feature) {
        return ask(jdbc -> jdbc.sql(COLUMNS + " and p.completed_at is null order by p.epoch limit 100")
                .param("workload", workload.name())
                .param("feature", feature)
                .query(ProofStore::row)
                .list());
    }

    /** The newest ones, newest first. */
    List<Row> latest(Workload workload, String feature, int limit) {
        return ask(jdbc -> jdbc.sql(COLUMNS + " order by p.epoch desc limit :limit")
                .param("workload", workload.name())
                .param("feature", feature)
                .param("limit", limit)
                .query(ProofStore::row)
                .list());
    }

    Optional<Row> find(Workload workload, String feature, String id) {
        return ask(jdbc -> jdbc.sql(COLUMNS + " and p.id = :id")
                .param("workload", workload.name())
                .param("feature", feature)
                .param("id", id)
                .query(ProofStore::row)
                .optional());
    }

    /** Writes down what each instance does about a rollback now. */
    void look(Workload workload, Row row) {
        ask(jdbc -> jdbc.sql(LOOK)
                .param("epoch", row.epoch().value())
                .param("workload", workload.name())
                .param("id", row.id())
                .update());
    }

    /** Tells the webhook of instances that should obey by now and do not. */
    void tellLaggards(Workload workload, Row row) {
        ask(jdbc -> {
            WebhookOutbox.tellLaggards(jdbc, workload.name(), row.id());
            return true;
        });
    }

    List<Obedience> instances(String id) {
        return ask(jdbc -> jdbc.sql("""
                        select instance, epoch, state, acknowledged_at, lease_ends_at from rollback_proof_instance
                        where rollback = :id order by instance
                        """)
                .param("id", id)
                .query((row, n) -> new Obedience(
                        row.getString("instance"),
                        new Epoch(row.getLong("epoch")),
                        Standing.valueOf(row.getString("state")),
                        time(row, "acknowledged_at"),
                        time(row, "lease_ends_at")))
                .list());
    }

    /** @return whether this call was the first to say so */
    boolean fenced(String id) {
        return once(id, """
                update rollback_proof p set fenced_at = coalesce(
                    (select o.fenced_at from rollback_order o where o.id = p.id), clock_timestamp())
                where p.id = :id and p.fenced_at is null
                """);
    }

    /** @return whether this call was the first to say so */
    boolean obeyed(String id) {
        return once(id, "update rollback_proof set obeyed_at = clock_timestamp() where id = :id and obeyed_at is null");
    }

    void remaining(String id, long items) {
        ask(jdbc -> jdbc.sql("""
                        update rollback_proof set at_first = coalesce(at_first, :items), remaining = :items,
                            looked_at = clock_timestamp()
                        where id = :id and completed_at is null and (at_first is null or remaining is distinct from :items)
                        """).param("id", id).param("items", items).update());
    }

    /**
     * Notes what one instance recalled for a rollback in all. Safe to repeat: a smaller total changes nothing.
     *
     * @return false if the rollback is not recorded (yet)
     */
    boolean recalled(String id, String instance, long total) {
        return ask(jdbc -> jdbc.sql("""
                        insert into rollback_recalled as r (rollback, instance, items)
                        select p.id, :instance, :total from rollback_proof p where p.id = :id
                        on conflict (rollback, instance) do update set items = greatest(r.items, excluded.items)
                        """)
                        .param("id", id)
                        .param("instance", instance)
                        .param("total", total)
                        .update())
                > 0;
    }

    /** @return the moment, if this call was the one that completed it */
    Optional<Instant> complete(String id, String instance) {
        return ask(jdbc -> jdbc.sql("""
                        update rollback_proof set completed_at = clock_timestamp(), completed_by = :instance, remaining = 0
                        where id = :id and completed_at is null and fenced_at is not null and obeyed_at is not null
                            and not exists (select 1 from rollback_proof_instance i
                                            where i.rollback = :id and i.state = 'LAGGARD')
                        returning completed_at
                        """)
                .param("id", id)
                .param("instance", instance)
                .query(OffsetDateTime.class)
                .optional()
                .map(OffsetDateTime::toInstant));
    }

    /** Forgets acknowledgements of versions that nobody asks for any more, and what the webhook was told. */
    void forgetOld() {
        ask(jdbc -> jdbc.sql("delete from webhook_outbox where created_at < clock_timestamp() - interval '30 days'")
                .update());
        ask(jdbc -> jdbc.sql("delete from flag_acknowledged where at < clock_timestamp() - interval '30 days'")
                .update());
    }

    private boolean once(String id, String statement) {
        return ask(jdbc -> jdbc.sql(statement).param("id", id).update()) > 0;
    }

    private <T> T ask(Function<JdbcClient, T> question) {
        try {
            return question.apply(sql);
        } catch (DataAccessException e) {
            throw new UnavailableException("the proof of rollbacks cannot be read or written", AWAY, e);
        }
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        String policy = row.getString("in_flight");
        return new Row(
                row.getString("id"),
                new Epoch(row.getLong("epoch")),
                time(row, "ordered_at").orElseThrow(),
                row.getString("ordered_by"),
                row.getBoolean("verified"),
                row.getString("reason"),
                policy == null ? null : InFlightPolicy.of(policy),
                time(row, "recorded_at").orElseThrow(),
                time(row, "fenced_at"),
                time(row, "obeyed_at"),
                number(row, "at_first"),
                number(row, "remaining"),
                row.getLong("recalled"),
                time(row, "completed_at"));
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    private static OptionalLong number(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
