package dev.shunt.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Runs something on one instance at a time, by a session lock of Postgres. A lock whose connection breaks is free for
 * others: what runs under it must bear to run twice.
 */
public final class SoleRunner {

    private final DataSource database;

    public SoleRunner(DataSource database) {
        this.database = database;
    }

    /**
     * @param job names the lock
     * @return false if another instance is at it; nothing was run then
     * @throws dev.shunt.core.UnavailableException if the lock cannot be asked for
     */
    public boolean run(String job, Runnable work) {
        try (Connection connection = database.getConnection()) {
            if (!call(connection, "select pg_try_advisory_lock(hashtextextended(?, 0))", job)) {
                return false;
            }
            try {
                work.run();
            } finally {
                call(connection, "select pg_advisory_unlock(hashtextextended(?, 0))", job);
            }
            return true;
        } catch (SQLException fault) {
            throw PostgresFaults.toThrow("taking the lock of " + job, fault);
        }
    }

    private static boolean call(Connection connection, String sql, String job) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, "shunt:" + job);
            try (ResultSet answer = statement.executeQuery()) {
                return answer.next() && answer.getBoolean(1);
            }
        }
    }
}
