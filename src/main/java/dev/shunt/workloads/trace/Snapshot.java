package dev.shunt.workloads.trace;

import dev.shunt.store.PostgresFaults;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Asks several questions about one moment. */
final class Snapshot {

    private final DataSource database;
    private final @Nullable Duration longest;

    Snapshot(DataSource database) {
        this(database, null);
    }

    /** @param longest time of one question; null: as long as the connections allow, which it cannot exceed */
    Snapshot(DataSource database, @Nullable Duration longest) {
        this.database = database;
        this.longest = longest;
    }

    /** Questions that see the same state of the database. */
    interface Questions<T> {
        T ask(Connection connection) throws SQLException;
    }

    /** @throws dev.shunt.core.UnavailableException if the database is away */
    <T> T read(String doing, Questions<T> questions) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try {
                limit(connection);
                T answer = questions.ask(connection);
                connection.commit();
                return answer;
            } catch (SQLException | RuntimeException fault) {
                connection.rollback();
                throw fault;
            } finally {
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                connection.setReadOnly(false);
                connection.setAutoCommit(true);
            }
        } catch (SQLException fault) {
            throw PostgresFaults.toThrow(doing, fault);
        }
    }

    private void limit(Connection connection) throws SQLException {
        if (longest != null) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("set local statement_timeout = " + longest.toMillis());
            }
        }
    }
}
