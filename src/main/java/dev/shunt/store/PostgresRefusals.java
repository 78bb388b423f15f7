package dev.shunt.store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import java.sql.SQLException;
import java.util.List;

/**
 * Counts statements that Postgres refused for want of resources (SQLSTATE class 53): it answers reads, so nothing else calls it
 * down. In the registry of the whole process, as what is thrown is decided in places that nobody makes.
 */
final class PostgresRefusals {

    private static final String CLASS = "53";
    private static final String OTHER = "53000";

    /** Others of the class are counted as 53000: insufficient resources. */
    private static final List<String> KNOWN = List.of(OTHER, "53100", "53200", "53300", "53400");

    private PostgresRefusals() {}

    /** Before the first, so that a rate does not miss it. */
    static void expect() {
        KNOWN.forEach(PostgresRefusals::counter);
    }

    static void count(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql
                    && sql.getSQLState() != null
                    && sql.getSQLState().startsWith(CLASS)) {
                counter(KNOWN.contains(sql.getSQLState()) ? sql.getSQLState() : OTHER)
                        .increment();
                return;
            }
        }
    }

    private static Counter counter(String state) {
        return Counter.builder("shunt.backend.full")
                .description("Writes that a backend refused because it is full")
                .tag("backend", "postgres")
                .tag("reason", state)
                .register(Metrics.globalRegistry);
    }
}
