package dev.shunt.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;

/** Asks the database and turns its faults into what the rest of Shunt understands. */
final class Reads {

    private final JdbcClient jdbc;

    Reads(DataSource database) {
        this.jdbc = JdbcClient.create(database);
    }

    /** @param doing for the message of a failure, for example {@code reading divergences} */
    <T> T ask(String doing, Function<JdbcClient, T> question) {
        try {
            return question.apply(jdbc);
        } catch (DataAccessException fault) {
            throw PostgresFaults.toThrow(doing, fault);
        }
    }

    static SqlArrayValue texts(Collection<? extends @Nullable Object> values) {
        return new SqlArrayValue(
                "text",
                values.stream()
                        .map(value -> value == null ? null : value.toString())
                        .toArray());
    }

    static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static @Nullable Instant timeOrNull(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
