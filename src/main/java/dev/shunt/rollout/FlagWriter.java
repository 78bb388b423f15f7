package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
import dev.shunt.core.UnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Changes the flag: always in one transaction with who and why, which the table's trigger turns into history. */
final class FlagWriter {

    private static final Duration AWAY = Duration.ofSeconds(2);
    private static final String STRATEGY = "dev.shunt.routing.StickyBasisPoints";

    private final DataSource connections;

    FlagWriter(DataSource connections) {
        this.connections = connections;
    }

    /** A new epoch, newer than every version of any flag so far. */
    Epoch nextEpoch() {
        return inTransaction(sql -> new Epoch(
                sql.sql("select nextval('flag_epoch')").query(Long.class).single()));
    }

    /**
     * Carries out a rollback order, once: flag to 0, {@code enabled} as it was.
     *
     * @return the version that carries it
     */
    Epoch record(RollbackOrder order, String feature, Epoch newerThan) {
        return inTransaction(sql -> record(sql, order, feature, newerThan));
    }

    /** The same in the caller's transaction. */
    static Epoch record(JdbcClient sql, RollbackOrder order, String feature, Epoch newerThan) {
        // serialises the same order recorded by two instances
        sql.sql("select pg_advisory_xact_lock(hashtextextended(?, 0))")
                .param(order.id())
                .query((row, n) -> n)
                .single();
        Optional<Long> recorded = sql.sql("select epoch from rollback_order where id = ?")
                .param(order.id())
                .query(Long.class)
                .optional();
        if (recorded.isPresent()) {
            return new Epoch(recorded.get());
        }
        Epoch epoch = write(sql, feature, Percentage.ZERO, order.actor(), order.reason(), newerThan);
        sql.sql("""
                insert into rollback_order (id, workload, ordered_at, ordered_by, verified, reason, epoch, in_flight)
                values (?, ?, ?::timestamptz, ?, ?, ?, ?, ?)
                """)
                .params(
                        order.id(),
                        order.workload().name(),
                        order.orderedAt().toString(),
                        order.actor().label(),
                        order.actor().verified(),
                        order.reason(),
                        epoch.value())
                .param(order.policy() == null ? null : order.policy().toString())
                .update();
        return epoch;
    }

    /** Notes that the fence in Redis has reached this epoch. */
    void fenced(String workload, Epoch fence) {
        inTransaction(sql -> sql.sql("""
                update rollback_order set fenced_at = clock_timestamp()
                where workload = ? and fenced_at is null and epoch <= ?
                """).params(workload, fence.value()).update());
    }

    /** The newest recorded rollback whose fence is still to be raised. */
    Optional<Epoch> unfenced(String workload) {
        return inTransaction(sql -> sql.sql(
                        "select epoch from rollback_order where workload = ? and fenced_at is null order by epoch desc limit 1")
                .param(workload)
                .query(Long.class)
                .optional()
                .map(Epoch::new));
    }

    /**
     * Sets the percentage in the caller's transaction; the kill switch stays as it is.
     *
     * @param newerThan epochs handed out before, here or as fence: a restored database may have forgotten them
     */
    static Epoch write(
            JdbcClient sql, String feature, Percentage percentage, Actor actor, String reason, Epoch newerThan) {
        sql.sql("select setval('flag_epoch', ?) from flag_epoch where last_value < ?")
                .params(newerThan.value(), newerThan.value())
                .query((row, n) -> n)
                .list();
        say(sql, actor, reason);
        sql.sql("""
                insert into ff4j_features (feat_uid, enable, description, strategy, expression)
                values (?, 1, 'share that Temporal processes, in basis points', ?, ?)
                on conflict (feat_uid) do update set strategy = excluded.strategy, expression = excluded.expression
                """).params(feature, STRATEGY, "bp=" + percentage.basisPoints()).update();
        return current(sql, feature);
    }

    /** Tells the flag's triggers for the rest of this transaction who changes it and why. */
    static void say(JdbcClient sql, Actor actor, String reason) {
        sql.sql("""
                select set_config('shunt.actor', ?, true), set_config('shunt.verified', ?, true),
                       set_config('shunt.reason', ?, true)
                """)
                .params(actor.label(), Boolean.toString(actor.verified()), reason)
                .query((row, n) -> n)
                .single();
    }

    static Epoch current(JdbcClient sql, String feature) {
        return sql.sql("select epoch from flag_version where feature = ?")
                .param(feature)
                .query(Long.class)
                .optional()
                .map(Epoch::new)
                .orElse(Epoch.NONE);
    }

    private <T> T inTransaction(Function<JdbcClient, T> work) {
        try (Connection connection = connections.getConnection()) {
            connection.setAutoCommit(false);
            T result = work.apply(JdbcClient.create(new SingleConnectionDataSource(connection, true)));
            connection.commit();
            return result; // anything thrown before closes the connection, which rolls back
        } catch (SQLException | DataAccessException e) {
            throw new UnavailableException("the flag cannot be written", AWAY, e);
        }
    }
}
