package dev.shunt.store;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The connections of gates: one looks, one keeps verdicts. Nobody else has them, so that however many reports wait for a slow
 * database, a gate that should roll back is not kept from looking.
 */
public final class GatePool implements AutoCloseable {

    private static final int CONNECTIONS = 2;

    private final HikariDataSource pool;

    /** @param statement the server gives up a statement after this */
    GatePool(String url, @Nullable String user, @Nullable String password, Duration statement) {
        this.pool = SmallPool.open("shunt-gates", url, user, password, CONNECTIONS, statement);
    }

    public DataSource dataSource() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
    }
}
