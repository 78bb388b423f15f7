package dev.shunt.rollout;

import dev.shunt.core.Percentage;
import dev.shunt.core.UnavailableException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The audit trail of a flag, written by its table's trigger whoever changes it and however. */
final class FlagHistory {

    private static final Duration AWAY = Duration.ofSeconds(2);
    private static final String SQL = """
            select epoch, changed_at, changed_by, verified, reason, database_user,
                   old_row is not null as had, new_row is not null as has,
                   flag_basis_points(old_row) as old_points, flag_basis_points(new_row) as new_points,
                   old_row ->> 'enable' = '1' as old_enabled, new_row ->> 'enable' = '1' as new_enabled
            from flag_history where feature = ? order by epoch desc limit ?
            """;

    private final DataSource connections;

    FlagHistory(DataSource connections) {
        this.connections = connections;
    }

    List<RolloutControl.Change> latest(String feature, int limit) {
        try {
            return JdbcClient.create(connections)
                    .sql(SQL)
                    .params(feature, limit)
                    .query((row, n) -> new RolloutControl.Change(
                            row.getLong("epoch"),
                            row.getObject("changed_at", OffsetDateTime.class).toInstant(),
                            row.getString("changed_by"),
                            row.getBoolean("verified"),
                            row.getString("reason"),
                            row.getString("database_user"),
                            version(row.getBoolean("had"), row.getInt("old_points"), row.getBoolean("old_enabled")),
                            version(row.getBoolean("has"), row.getInt("new_points"), row.getBoolean("new_enabled"))))
                    .list();
        } catch (DataAccessException e) {
            throw new UnavailableException("the flag's history cannot be read", AWAY, e);
        }
    }

    private static RolloutControl.@Nullable Version version(boolean present, int points, boolean enabled) {
        return present ? new RolloutControl.Version(new Percentage(points), enabled) : null;
    }
}
