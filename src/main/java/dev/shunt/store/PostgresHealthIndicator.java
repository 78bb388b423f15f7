package dev.shunt.store;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.core.env.Environment;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Whether Postgres answers, and what it is. */
@Component("postgresHealthIndicator")
final class PostgresHealthIndicator implements HealthIndicator {

    private final JdbcClient jdbc;
    private final Environment environment;

    PostgresHealthIndicator(JdbcClient jdbc, Environment environment) {
        this.jdbc = jdbc;
        this.environment = environment;
    }

    @Override
    public Health health() {
        String mode = environment.getProperty("shunt.backends.postgres", "external");
        try {
            String durability = jdbc.sql(
                            "select current_setting('fsync') || '/' || current_setting('synchronous_commit')")
                    .query(String.class)
                    .single();
            return Health.up()
                    .withDetail("mode", mode)
                    .withDetail("fsync/synchronous_commit", durability)
                    .build();
        } catch (DataAccessException away) {
            return Health.down()
                    .withDetail("mode", mode)
                    .withDetail("why", String.valueOf(away.getMessage()))
                    .build();
        }
    }
}
