package dev.shunt.workloads.trace;

import dev.shunt.core.UnavailableException;
import dev.shunt.store.WatchPool;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The outside worker's database. The names are checked before the first question, at the start if it can be reached. */
final class ExternalDatabase implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ExternalDatabase.class);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final ExternalTraceSettings names;
    private final ExternalTables tables;
    private final Snapshot snapshot;
    private final @Nullable WatchPool own;
    private volatile boolean checked;

    /** @param own the pool behind {@code database}, if it is for nothing else */
    ExternalDatabase(ExternalTraceSettings names, DataSource database, @Nullable WatchPool own) {
        this.names = names;
        this.tables = new ExternalTables(names);
        this.snapshot = new Snapshot(database);
        this.own = own;
    }

    ExternalTables tables() {
        return tables;
    }

    ExternalTraceSettings names() {
        return names;
    }

    /** @throws IllegalArgumentException naming the setting, its value and what there is, if a name is wrong */
    void check() {
        try {
            checkNames();
        } catch (UnavailableException away) {
            log.warn(
                    "The outside worker's database cannot be reached ({}): its tables are checked when it can",
                    away.getMessage());
        }
    }

    private void checkNames() {
        if (!checked) {
            snapshot.read("checking the outside worker's tables", connection -> {
                ExternalNames.check(connection, names);
                return true;
            });
            checked = true;
        }
    }

    /**
     * @throws UnavailableException if the database is away, or what was there at the start cannot be read any more: a table is
     *     gone, a column, a right. The names are checked again before the next question
     */
    <T> T read(String doing, Snapshot.Questions<T> questions) {
        try {
            checkNames();
            return snapshot.read(doing, connection -> {
                // columns without a time zone hold UTC; those with one must not be read in this process's zone
                try (PreparedStatement utc = connection.prepareStatement("set local time zone 'UTC'")) {
                    utc.execute();
                }
                return questions.ask(connection);
            });
        } catch (UnavailableException away) {
            throw away;
        } catch (IllegalArgumentException wrongName) {
            throw new UnavailableException(String.valueOf(wrongName.getMessage()), RETRY_AFTER, wrongName);
        } catch (IllegalStateException refused) {
            if (refused.getCause() instanceof SQLException why && isGone(why.getSQLState())) {
                checked = false;
                throw new UnavailableException(
                        "the outside worker's tables could not be read while " + doing + ": " + why.getMessage(),
                        RETRY_AFTER,
                        refused);
            }
            throw refused;
        }
    }

    // 28 refused login, 3D and 3F no such database or schema, 42 no such table or column, or no right to it
    private static boolean isGone(@Nullable String state) {
        return state != null
                && (state.startsWith("28")
                        || state.startsWith("3D")
                        || state.startsWith("3F")
                        || state.startsWith("42"));
    }

    /** Takes one row. */
    interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    /** @param parameters texts, or arrays of them */
    static void rows(Connection connection, String sql, RowReader reader, Object... parameters) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                if (parameters[i] instanceof Object[] many) {
                    select.setArray(i + 1, connection.createArrayOf("text", many));
                } else {
                    select.setString(i + 1, (String) parameters[i]);
                }
            }
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    reader.read(rows);
                }
            }
        }
    }

    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
    }
}
