package dev.shunt.store;

import dev.shunt.core.UnavailableException;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Tells a database that is away, or too busy to answer in time, from a question that is wrong. */
public final class PostgresFaults {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private PostgresFaults() {}

    /**
     * What to throw for a failed statement.
     *
     * @param doing what the statement was for, for example {@code reading the ledger of trace}
     * @return an {@link UnavailableException} if trying again can help, else an exception that carries the cause
     */
    public static RuntimeException toThrow(String doing, Exception fault) {
        if (fault instanceof UnavailableException known) {
            return known;
        }
        PostgresRefusals.count(fault);
        if (isTransient(fault)) {
            return new UnavailableException(
                    "Postgres did not answer while " + doing + state(fault), RETRY_AFTER, fault);
        }
        return new IllegalStateException("Postgres refused a statement while " + doing, fault);
    }

    /** What tells a full disk (53100) from a server that is away. */
    private static String state(Exception fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return " (" + sql.getSQLState() + ")";
            }
        }
        return "";
    }

    private static boolean isTransient(Exception fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientException) {
                return true;
            }
            if (cause instanceof SQLException sql && isTransient(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    // 08 connection, 25P03 and 25P04 transaction ended by the server for its length, 40 serialization and deadlock,
    // 53 resources, 57 cancelled, shut down or still starting
    private static boolean isTransient(@Nullable String state) {
        return state != null
                && (state.startsWith("08")
                        || state.equals("25P03")
                        || state.equals("25P04")
                        || state.startsWith("40")
                        || state.startsWith("53")
                        || state.startsWith("57"));
    }
}
