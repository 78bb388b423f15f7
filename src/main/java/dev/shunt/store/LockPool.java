package dev.shunt.store;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The connections of {@link SoleRunner}, each held for as long as the work under its lock takes. The work has connections of
 * its own: were they the same, those who hold a lock could keep each other from the second one they need.
 */
final class LockPool implements AutoCloseable {

    /** The check, items in flight and a legacy worker outside; the rest is for more workloads, whose locks wait otherwise. */
    private static final int CONNECTIONS = 4;

    private static final Duration STATEMENT = Duration.ofSeconds(5);

    private final HikariDataSource pool;

    LockPool(String url, @Nullable String user, @Nullable String password) {
        this.pool = SmallPool.open("shunt-locks", url, user, password, CONNECTIONS, STATEMENT);
    }

    DataSource dataSource() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
    }
}
