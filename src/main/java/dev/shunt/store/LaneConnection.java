package dev.shunt.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection of a lane: opened when first needed, thrown away after any fault. It names its lane to the server
 * ({@code application_name}), so that an operator sees in {@code pg_stat_activity} which route does what.
 *
 * <p>A group's transaction locks rows of the daily summary, which every other lane needs. So the server ends the session of
 * a lane that stops in the middle of one, about as soon as the others give up waiting for it.
 */
final class LaneConnection implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LaneConnection.class);

    private static final String UNSYNCHRONISED = "; set synchronous_commit = off";

    private final String lane;
    private final String url;
    private final String settings;
    private final Properties properties = new Properties();
    private @Nullable Connection open;

    /** @param schema whose tables are meant, for a lane whose commits need not survive a crash; null: the live ones */
    LaneConnection(String lane, Database database, StoreSettings settings, @Nullable String schema) {
        this.lane = lane;
        this.url = database.url();
        Duration timeout = settings.statementTimeout();
        this.settings = Sessions.settings(timeout, timeout) + (schema == null ? "" : UNSYNCHRONISED);
        properties.setProperty("user", database.user());
        properties.setProperty("password", database.password());
        properties.setProperty("ApplicationName", "shunt-lane-" + lane);
        if (schema != null) {
            properties.setProperty("currentSchema", schema);
        }
        properties.setProperty("connectTimeout", "2");
        // A frozen server answers nothing: the socket gives up a little after the statement should have ended.
        properties.setProperty("socketTimeout", Long.toString(timeout.toSeconds() + 2));
        properties.setProperty("tcpKeepAlive", "true");
    }

    /** The lane's connection, in a transaction. */
    Connection get() throws SQLException {
        if (open == null) {
            Connection fresh = DriverManager.getConnection(url, properties);
            try (Statement statement = fresh.createStatement()) {
                statement.execute(settings);
                fresh.setAutoCommit(false);
            } catch (SQLException fault) {
                fresh.close();
                throw fault;
            }
            open = fresh;
        }
        return open;
    }

    /** Ends the transaction without effect, and the connection if that is not possible. */
    void rollback() {
        if (open == null) {
            return;
        }
        try {
            open.rollback();
        } catch (SQLException gone) {
            close();
        }
    }

    @Override
    public void close() {
        Connection closing = open;
        open = null;
        if (closing == null) {
            return;
        }
        try {
            closing.close();
        } catch (SQLException already) {
            log.debug("Connection of lane {} was gone already: {}", lane, already.getMessage());
        }
    }
}
