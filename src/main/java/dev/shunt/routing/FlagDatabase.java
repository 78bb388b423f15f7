package dev.shunt.routing;

import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * The way to the database that holds the flag, apart from the pool: a rollback must neither wait for a pooled connection
 * nor hang on a frozen server. Every connection is new and every wait on it is bounded by seconds.
 */
public final class FlagDatabase {

    private final String url;
    private final @Nullable String user;
    private final @Nullable String password;

    /**
     * @param user null if the URL carries it
     * @param password null if the URL carries it
     */
    public FlagDatabase(String url, @Nullable String user, @Nullable String password) {
        this.url = url;
        this.user = user;
        this.password = password;
    }

    /**
     * A source of new connections.
     *
     * @param purpose shown as application name in {@code pg_stat_activity}
     */
    public DataSource connections(String purpose) {
        var properties = new Properties();
        properties.setProperty("ApplicationName", purpose);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("loginTimeout", "2");
        properties.setProperty("socketTimeout", "3");
        // whoever stops in the middle of a change of the flag must not keep others from a rollback
        properties.setProperty(
                "options",
                "-c statement_timeout=2000 -c lock_timeout=1500 -c idle_in_transaction_session_timeout=5000"
                        + " -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3");
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        return new DriverManagerDataSource(url, properties);
    }
}
