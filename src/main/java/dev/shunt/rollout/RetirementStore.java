package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which workloads are retired, in Postgres; the flag's readers read the same rows. */
final class RetirementStore {

    private static final Duration AWAY = Duration.ofSeconds(2);
    private static final Actor RELEASE = new Actor("shunt", true);

    private final DataSource connections;
    private final RolloutStore rollouts;

    RetirementStore(DataSource connections, RolloutStore rollouts) {
        this.connections = connections;
        this.rollouts = rollouts;
    }

    /** @param epoch the version of the flag that completed the rollout */
    record Retired(Epoch epoch, Instant completedAt, Optional<Instant> releasedAt) {}

    /** @throws UnavailableException if Postgres is away */
    Optional<Retired> find(Workload workload) {
        try {
            return JdbcClient.create(connections)
                    .sql("select epoch, completed_at, released_at from retirement where workload = ?")
                    .param(workload.name())
                    .query((row, n) -> new Retired(
                            new Epoch(row.getLong("epoch")),
                            row.getObject("completed_at", OffsetDateTime.class).toInstant(),
                            Optional.ofNullable(row.getObject("released_at", OffsetDateTime.class))
                                    .map(OffsetDateTime::toInstant)))
                    .optional();
        } catch (DataAccessException e) {
            throw new UnavailableException("whether " + workload + " is retired cannot be read", AWAY, e);
        }
    }

    /**
     * Notes that nothing of it is in Redis any more; the flag's triggers make that a version of the flag.
     *
     * @return whether this call did, and the rollout is still the one that was completed
     */
    boolean release(Workload workload, Epoch completed, String instance) {
        return rollouts.change(workload, scene -> {
            if (scene.before().state() != RolloutState.COMPLETED) {
                return false;
            }
            FlagWriter.say(scene.sql(), RELEASE, "nothing of " + workload + " is in Redis any more");
            return scene.sql()
                            .sql("""
                            update retirement set released_at = clock_timestamp(), released_by = ?
                            where workload = ? and epoch = ? and released_at is null
                            """)
                            .params(instance, workload.name(), completed.value())
                            .update()
                    > 0;
        });
    }

    /** In the transaction that changes a rollout: completed means retired, and nothing else does. */
    static void follow(JdbcClient sql, String feature, RolloutRow row) {
        if (row.state() != RolloutState.COMPLETED) {
            sql.sql("delete from retirement where workload = ?")
                    .param(row.workload().name())
                    .update();
            return;
        }
        sql.sql("""
                insert into retirement (workload, feature, epoch) values (?, ?, ?)
                on conflict (workload) do update set feature = excluded.feature, epoch = excluded.epoch,
                    completed_at = clock_timestamp(), released_at = null, released_by = null
                """)
                .params(
                        row.workload().name(),
                        feature,
                        FlagWriter.current(sql, feature).value())
                .update();
    }
}
