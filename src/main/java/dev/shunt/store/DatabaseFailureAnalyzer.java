package dev.shunt.store;

import java.sql.SQLException;
import java.util.Optional;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/** Prints why the store's database cannot be used, without a stack trace and without its address, which may hold a secret. */
final class DatabaseFailureAnalyzer implements FailureAnalyzer {

    private static final String KEY = "spring.datasource.url";

    /** Of Spring Boot, about the address of a {@code DataSource}. */
    private static final String NO_JDBC = "'url' must start with \"jdbc\"";

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        boolean malformed = cause(failure, IllegalArgumentException.class)
                .filter(wrong -> NO_JDBC.equals(wrong.getMessage()))
                .isPresent();
        if (malformed) {
            return new FailureAnalysis(
                    KEY + " must begin with jdbc:postgresql:// (what it was is not shown)",
                    "Correct the setting and start again.",
                    failure);
        }
        // Migrations are the first that ask the store's database, and ask no other.
        return cause(failure, FlywayException.class)
                .flatMap(migration -> cause(migration, SQLException.class))
                .filter(DatabaseFailureAnalyzer::isAboutTheConnection)
                .map(refused -> new FailureAnalysis(
                        "The database of " + KEY + " cannot be used: " + refused.getMessage(),
                        "Start the database or correct the setting, and start again.",
                        failure))
                .orElse(null);
    }

    /** Connection, authorization, no such database. */
    private static boolean isAboutTheConnection(SQLException fault) {
        String state = String.valueOf(fault.getSQLState());
        return state.startsWith("08") || state.startsWith("28") || state.startsWith("3D");
    }

    private static <T extends Throwable> Optional<T> cause(Throwable failure, Class<T> type) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (type.isInstance(each)) {
                return Optional.of(type.cast(each));
            }
        }
        return Optional.empty();
    }
}
