package dev.shunt.store;

import java.sql.SQLException;
import java.util.Set;

/**
 * What a failed statement means for its items. Only faults that the data themselves cause are permanent; everything
 * that is not known to be the data's fault is transient, because a dead letter for an innocent item is a loss.
 */
enum SqlFault {
    /** The database is away, full, stopping or slow: the same group again later. */
    TRANSIENT,
    /** Two transactions met: the same group again at once. */
    CONTENTION,
    /** This content can never be stored. */
    PERMANENT;

    private static final Set<String> CONTENTION_STATES = Set.of("40001", "40P01", "55P03");

    /** By SQLSTATE class (Postgres manual, appendix A): 22 data exception, 23 integrity, 54 program limit exceeded. */
    static SqlFault of(SQLException fault) {
        String state = fault.getSQLState();
        if (state == null || state.length() != 5) {
            return TRANSIENT;
        }
        if (CONTENTION_STATES.contains(state)) {
            return CONTENTION;
        }
        return switch (state.substring(0, 2)) {
            case "22", "23", "54" -> PERMANENT;
            default -> TRANSIENT;
        };
    }
}
