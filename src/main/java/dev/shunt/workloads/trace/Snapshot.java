package dev.shunt.workloads.trace;

import dev.shunt.store.PostgresFaults;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Asks several questions about one moment. */
final class Snapshot {

    private final DataSource database;

    Snapshot(DataSource database) {
        this.database = database;
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
}
