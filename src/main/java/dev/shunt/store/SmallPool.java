package dev.shunt.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Few connections for one purpose, opened when they are first needed. */
final class SmallPool {

    private SmallPool() {}

    /**
     * @param name of the pool, and under which its connections are seen by the server
     * @param user null if the URL names it
     * @param connections at most
     * @param statement the server gives up a statement after this
     */
    static HikariDataSource open(
            String name,
            String url,
            @Nullable String user,
            @Nullable String password,
            int connections,
            Duration statement) {
        var config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(2_000);
        config.setValidationTimeout(1_000);
        // the database may be away at the start: watching begins when it comes
        config.setInitializationFailTimeout(-1);
        config.setConnectionInitSql(Sessions.settings(statement, Sessions.IDLE));
        config.addDataSourceProperty("ApplicationName", name);
        config.addDataSourceProperty("tcpKeepAlive", "true");
        // the network may hang where the server cannot give up by itself
        config.addDataSourceProperty("socketTimeout", Long.toString(statement.toSeconds() + 5));
        return new HikariDataSource(config);
    }
}
