package dev.shunt.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** One group with its ledger rows in one transaction, and nothing around it: no queue, no lock, no retry. */
public final class BareCommit {

    private BareCommit() {}

    public static <T> void write(Connection connection, GroupStatement<T> statement, List<Work<T>> group)
            throws SQLException {
        List<Effect> effects = statement.apply(connection, group);
        LedgerWriter.write(connection, group, effects);
        connection.commit();
    }
}
