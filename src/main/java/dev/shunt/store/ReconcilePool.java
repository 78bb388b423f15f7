package dev.shunt.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Connections for reconciliations: few, and with statements that may take minutes. They are opened when a run begins and
 * closed when they have been idle for half a minute, so that neither the work nor the watchers notice them.
 */
public final class ReconcilePool implements AutoCloseable {

    private static final int CONNECTIONS = 4;
    private static final Duration STATEMENT = Duration.ofMinutes(5);

    /** What is read in a transaction is judged in it, a page at a time. */
    private static final Duration IDLE = Duration.ofMinutes(1);

    private final HikariDataSource pool;

    ReconcilePool(String url, @Nullable String user, @Nullable String password) {
        var config = new HikariConfig();
        config.setPoolName("shunt-reconcile");
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(0);
        config.setIdleTimeout(30_000);
        config.setConnectionTimeout(5_000);
        config.setInitializationFailTimeout(-1);
        config.setConnectionInitSql(Sessions.settings(STATEMENT, IDLE) + "; set work_mem = '64MB'; set jit = off");
        config.addDataSourceProperty("ApplicationName", "shunt-reconcile");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("socketTimeout", Long.toString(STATEMENT.toSeconds() + 5));
        this.pool = new HikariDataSource(config);
    }

    public DataSource dataSource() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
    }
}
