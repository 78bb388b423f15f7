package dev.shunt.store;

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
        this.pool = SmallPool.open(name, url, user, password, settings.connections(), settings.statementTimeout());
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
