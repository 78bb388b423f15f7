package dev.shunt.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Binds the columns of a group as arrays, one after the other, for a statement that reads them with {@code unnest}. */
public final class SqlArrays {

    // Postgres writes years beyond 9999 without a plus sign, ISO 8601 with one.
    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .appendValue(ChronoField.YEAR_OF_ERA, 4, 6, SignStyle.NEVER)
            .appendPattern("-MM-dd HH:mm:ss.SSSSSS'+00'")
            .toFormatter();

    private final Connection connection;
    private final PreparedStatement statement;
    private int next;

    public SqlArrays(Connection connection, PreparedStatement statement) {
        this(connection, statement, 1);
    }

    /** @param first the index of the first array parameter, from 1 */
    public SqlArrays(Connection connection, PreparedStatement statement, int first) {
        this.connection = connection;
        this.statement = statement;
        this.next = first;
    }

    /**
     * Binds one column.
     *
     * @param type the element's Postgres type
     */
    public <R> void add(String type, List<R> rows, Function<? super R, ? extends @Nullable Object> column)
            throws SQLException {
        Object[] values = new Object[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = column.apply(rows.get(i));
        }
        statement.setArray(next++, connection.createArrayOf(type, values));
    }

    /** A time as Postgres reads it, to the microsecond. */
    public static String timestamp(Instant time) {
        var utc = time.atOffset(ZoneOffset.UTC);
        return TIMESTAMP.format(utc) + (utc.getYear() < 1 ? " BC" : "");
    }
}
