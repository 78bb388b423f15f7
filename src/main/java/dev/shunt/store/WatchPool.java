package dev.shunt.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A small pool for those who watch, apart from the pools of the work. Not itself a {@link DataSource} bean, so that
 * nothing else picks it up by type.
 */
public final class WatchPool implements AutoCloseable {

    private final HikariDataSource pool;

    WatchPool(String url, @Nullable String user, @Nullable String password, WatchSettings settings) {
        this("shunt-watch", url, user, password, settings);
    }

    private WatchPool(
            String name, String url, @Nullable String user, @Nullable String password, WatchSettings settings) {
        var config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(settings.connections());
        config.setMinimumIdle(0);
        config.setConnectionTimeout(2_000);
        config.setValidationTimeout(1_000);
        // the database may be away at the start: watching begins when it comes
        config.setInitializationFailTimeout(-1);
        long timeout = settings.statementTimeout().toMillis();
        config.setConnectionInitSql("set statement_timeout = " + timeout);
        config.addDataSourceProperty("ApplicationName", name);
        config.addDataSourceProperty("tcpKeepAlive", "true");
        // the network may hang where the server cannot give up by itself
        config.addDataSourceProperty("socketTimeout", Long.toString(timeout / 1_000 + 5));
        this.pool = new HikariDataSource(config);
    }

    /**
     * A pool like it on another database; its owner closes it.
     *
     * @param name of the pool, and under which its connections are seen there
     * @param user empty if the URL names it
     */
    public static WatchPool elsewhere(String name, String url, String user, String password, WatchSettings settings) {
        return new WatchPool(name, url, user.isEmpty() ? null : user, password.isEmpty() ? null : password, settings);
    }

    public DataSource dataSource() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
    }
}
