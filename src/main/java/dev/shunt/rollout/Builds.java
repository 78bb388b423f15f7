package dev.shunt.rollout;

import dev.shunt.core.Instance;
import dev.shunt.core.UnavailableException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which build each instance runs. */
final class Builds {

    private static final Logger log = LoggerFactory.getLogger(Builds.class);
    private static final Duration AWAY = Duration.ofSeconds(2);

    private final JdbcClient sql;
    private final Instance instance;
    private boolean noted;

    Builds(DataSource connections, Instance instance) {
        this.sql = JdbcClient.create(connections);
        this.instance = instance;
    }

    /** This build's version, as its jar says; {@code development} outside a jar. */
    static String own() {
        return Objects.requireNonNullElse(Builds.class.getPackage().getImplementationVersion(), "development");
    }

    /** Says what this instance runs, until it has been said once. */
    void note() {
        try {
            noteOnce();
        } catch (DataAccessException away) {
            log.debug("What build this instance runs is said later: {}", away.toString());
        }
    }

    private synchronized void noteOnce() {
        if (!noted) {
            sql.sql("""
                    insert into instance_build (instance, build) values (:instance, :build)
                    on conflict (instance) do update set build = excluded.build, noted_at = excluded.noted_at
                    """).param("instance", instance.id()).param("build", own()).update();
            // one that lives acknowledges the flag, however long ago it began
            sql.sql("""
                    delete from instance_build b where noted_at < clock_timestamp() - interval '90 days'
                        and not exists (select from flag_acknowledgement a where a.instance = b.instance)
                    """).update();
            noted = true;
        }
    }

    /** @throws UnavailableException if Postgres is away */
    Map<String, String> of(Collection<String> instances) {
        try {
            note();
            Map<String, String> builds = new HashMap<>();
            sql
                    .sql("select instance, build from instance_build")
                    .query((row, n) -> Map.entry(row.getString(1), row.getString(2)))
                    .list()
                    .stream()
                    .filter(entry -> instances.contains(entry.getKey()))
                    .forEach(entry -> builds.put(entry.getKey(), entry.getValue()));
            return builds;
        } catch (DataAccessException e) {
            throw new UnavailableException("the builds of instances cannot be read", AWAY, e);
        }
    }
}
