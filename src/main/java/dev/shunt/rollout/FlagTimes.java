package dev.shunt.rollout;

import dev.shunt.core.Percentage;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Asks the flag's history since when a share has been in force without a break. */
final class FlagTimes implements Retirement.FullShare {

    private static final Duration AWAY = Duration.ofSeconds(2);
    private static final String SQL = """
            with shares as (
                select epoch, changed_at,
                       case when new_row ->> 'enable' = '1' then flag_basis_points(new_row) else 0 end as points
                from flag_history where feature = :feature)
            select min(changed_at) from shares
            where epoch > coalesce((select max(epoch) from shares where points < :least), 0)
            """;

    private final JdbcClient sql;
    private final WorkloadCatalog catalog;

    FlagTimes(DataSource connections, WorkloadCatalog catalog) {
        this.sql = JdbcClient.create(connections);
        this.catalog = catalog;
    }

    @Override
    public Optional<Instant> since(Workload workload, Percentage least) {
        try {
            return sql.sql(SQL)
                    .param("feature", catalog.of(workload).feature())
                    .param("least", least.basisPoints())
                    .query((row, n) -> Optional.ofNullable(row.getObject(1, OffsetDateTime.class)))
                    .single()
                    .map(OffsetDateTime::toInstant);
        } catch (DataAccessException e) {
            throw new UnavailableException("the flag's history cannot be read", AWAY, e);
        }
    }
}
