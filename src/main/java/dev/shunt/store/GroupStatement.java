package dev.shunt.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * A workload's effects for a whole group, as one or few SQL statements on an open transaction.
 *
 * @param <T> the workload's decoded form
 */
@FunctionalInterface
public interface GroupStatement<T> {

    /**
     * Applies a group in which every item key occurs once. Must be idempotent: a delivery that was applied before
     * changes nothing and says so. Must lock rows in key order.
     *
     * @param connection in a transaction; the caller commits or rolls back
     * @return one effect for each work, in order
     */
    List<Effect> apply(Connection connection, List<Work<T>> group) throws SQLException;
}
