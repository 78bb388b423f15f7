package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Reads and changes where rollouts stand. Every change is one transaction with the flag's own change and its entry in the
 * audit trail; changes of one workload come one after the other.
 */
final class RolloutStore {

    private static final Duration AWAY = Duration.ofSeconds(2);
    private static final String READ = """
            select v.epoch, v.changed_by, v.verified, v.reason, v.changed_at as flag_changed_at,
                   coalesce(f.enable, 0) = 1 as enabled, flag_basis_points(to_jsonb(f)) as points,
                   r.*, clock_timestamp() as now
            from (select ?::text as workload, ?::text as feature) w
            left join flag_version v on v.feature = w.feature
            left join ff4j_features f on f.feat_uid = w.feature
            left join rollout r on r.workload = w.workload
            """;
    private static final String WRITE = """
            insert into rollout (workload, id, state, phase, started_at, phase_started_at, changed_at, plan_hash,
                held_because, waived, cooldown_until)
            values (?, ?, ?, ?, ?::timestamptz, ?::timestamptz, clock_timestamp(), ?, ?, string_to_array(?, ','),
                ?::timestamptz)
            on conflict (workload) do update set id = excluded.id, state = excluded.state, phase = excluded.phase,
                started_at = excluded.started_at, phase_started_at = excluded.phase_started_at,
                changed_at = excluded.changed_at, plan_hash = excluded.plan_hash, held_because = excluded.held_because,
                waived = excluded.waived, cooldown_until = excluded.cooldown_until
            """;

    private final DataSource connections;
    private final WorkloadCatalog catalog;

    RolloutStore(DataSource connections, WorkloadCatalog catalog) {
        this.connections = connections;
        this.catalog = catalog;
    }

    /**
     * One change in the making.
     *
     * @param before as it stands, locked: nobody else changes it before this transaction ends
     */
    record Scene(JdbcClient sql, String feature, Standing before) {

        Instant now() {
            return before.now();
        }

        Epoch setFlag(Percentage percentage, Actor actor, String reason, Epoch newerThan) {
            return FlagWriter.write(sql, feature, percentage, actor, reason, newerThan);
        }

        void write(RolloutRow row) {
            RolloutStore.write(sql, row);
            RetirementStore.follow(sql, feature, row);
        }

        /** Writes what was done to the audit trail, from before to how it stands now. */
        void tell(
                RolloutState.Step step, Actor actor, String reason, @Nullable String verdict, @Nullable String detail) {
            Standing after = RolloutStore.read(sql, before.workload(), feature);
            RolloutRow row = after.row();
            RolloutEvents.append(
                    sql,
                    new RolloutEvent(
                            before.workload(),
                            row == null ? null : row.id(),
                            step.name(),
                            actor,
                            reason,
                            before.position(),
                            after.position(),
                            after.epoch(),
                            verdict,
                            detail));
        }
    }

    /** @throws UnavailableException if Postgres is away */
    Standing read(Workload workload) {
        try (Connection connection = connections.getConnection()) {
            return read(client(connection), workload, feature(workload));
        } catch (SQLException | DataAccessException e) {
            throw new UnavailableException("the rollout of " + workload + " cannot be read", AWAY, e);
        }
    }

    /** On a connection that the caller holds. */
    Standing read(Connection connection, Workload workload) {
        return read(client(connection), workload, feature(workload));
    }

    /** @throws UnavailableException if Postgres is away: the change may or may not be in force */
    <T> T change(Workload workload, Function<Scene, T> work) {
        try (Connection connection = connections.getConnection()) {
            return change(connection, workload, work);
        } catch (SQLException | DataAccessException e) {
            throw new UnavailableException("the rollout of " + workload + " cannot be changed", AWAY, e);
        }
    }

    /** On a connection that the caller holds; whatever is thrown rolls back. */
    <T> T change(Connection connection, Workload workload, Function<Scene, T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            JdbcClient sql = client(connection);
            String feature = feature(workload);
            sql.sql("select pg_advisory_xact_lock(hashtextextended(?, 0))")
                    .param("shunt:rollout:" + workload)
                    .query((row, n) -> n)
                    .single();
            // the flag's own row next, as plain SQL would: the other order could deadlock with it
            sql.sql("select 1 from ff4j_features where feat_uid = ? for update")
                    .param(feature)
                    .query((row, n) -> n)
                    .list();
            T result = work.apply(new Scene(sql, feature, read(sql, workload, feature)));
            connection.commit();
            return result;
        } catch (RuntimeException | SQLException | Error e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private String feature(Workload workload) {
        return catalog.of(workload).feature();
    }

    private static JdbcClient client(Connection connection) {
        return JdbcClient.create(new SingleConnectionDataSource(connection, true));
    }

    private static Standing read(JdbcClient sql, Workload workload, String feature) {
        return sql.sql(READ)
                .params(workload.name(), feature)
                .query((row, n) -> standing(workload, row))
                .single();
    }

    private static Standing standing(Workload workload, ResultSet row) throws SQLException {
        String by = row.getString("changed_by");
        return new Standing(
                workload,
                row.getString("id") == null ? null : rollout(workload, row),
                new Epoch(row.getLong("epoch")),
                new Percentage(row.getInt("points")),
                row.getBoolean("enabled"),
                new Actor(by == null ? "nobody" : by, row.getBoolean("verified")),
                by == null ? "no flag yet" : row.getString("reason"),
                time(row, "flag_changed_at"),
                required(row, "now"));
    }

    private static RolloutRow rollout(Workload workload, ResultSet row) throws SQLException {
        Array waived = row.getArray("waived");
        return new RolloutRow(
                workload,
                row.getString("id"),
                RolloutState.valueOf(row.getString("state")),
                row.getString("phase"),
                required(row, "started_at"),
                required(row, "phase_started_at"),
                row.getString("plan_hash"),
                row.getString("held_because"),
                Set.of((String[]) waived.getArray()),
                time(row, "cooldown_until"));
    }

    private static void write(JdbcClient sql, RolloutRow row) {
        sql.sql(WRITE)
                .param(row.workload().name())
                .param(row.id())
                .param(row.state().name())
                .param(row.phase())
                .param(row.startedAt().toString())
                .param(row.phaseStartedAt().toString())
                .param(row.planHash())
                .param(row.heldBecause())
                .param(String.join(",", row.waived()))
                .param(row.cooldownUntil() == null ? null : row.cooldownUntil().toString())
                .update();
    }

    private static Instant required(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
