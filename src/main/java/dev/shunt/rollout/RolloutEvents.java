package dev.shunt.rollout;

import dev.shunt.core.Percentage;
import dev.shunt.core.UnavailableException;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Writes the audit trail, {@code rollout_event}. Rows are only ever added: the database refuses everything else. */
public final class RolloutEvents {

    private static final Duration AWAY = Duration.ofSeconds(2);
    private static final String INSERT = """
            insert into rollout_event (workload, rollout, what, actor, verified, reason, from_state, to_state,
                from_phase, to_phase, from_points, to_points, epoch, verdict, detail)
            values (?, coalesce(?, (select id from rollout where workload = ?)), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private final DataSource connections;

    RolloutEvents(DataSource connections) {
        this.connections = connections;
    }

    /**
     * Adds one entry, in a transaction of its own.
     *
     * @throws UnavailableException if Postgres is away
     */
    public void append(RolloutEvent event) {
        try (var connection = connections.getConnection()) {
            append(JdbcClient.create(new SingleConnectionDataSource(connection, true)), event);
        } catch (SQLException | DataAccessException e) {
            throw new UnavailableException("the audit trail of " + event.workload() + " cannot be written", AWAY, e);
        }
    }

    /** Adds one entry in the caller's transaction. */
    static void append(JdbcClient sql, RolloutEvent event) {
        RolloutEvent.Position from = event.from();
        RolloutEvent.Position to = event.to();
        sql.sql(INSERT)
                .param(event.workload().name())
                .param(event.rollout())
                .param(event.workload().name())
                .param(event.what())
                .param(event.actor().label())
                .param(event.actor().verified())
                .param(event.reason())
                .param(from == null ? null : from.state().name())
                .param(to == null ? null : to.state().name())
                .param(from == null ? null : from.phase())
                .param(to == null ? null : to.phase())
                .param(points(from == null ? null : from.percentage()))
                .param(points(to == null ? null : to.percentage()))
                .param(event.epoch() == null ? null : event.epoch().value())
                .param(event.verdict())
                .param(event.detail())
                .update();
    }

    private static @Nullable Integer points(@Nullable Percentage percentage) {
        return percentage == null ? null : percentage.basisPoints();
    }
}
