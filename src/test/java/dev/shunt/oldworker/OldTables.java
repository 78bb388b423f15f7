package dev.shunt.oldworker;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import javax.sql.DataSource;

/** The old system's tables, in a schema {@code old} of any database. */
public final class OldTables {

    private OldTables() {}

    public static void create(String jdbcUrl) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl)) {
            create(connection);
        } catch (SQLException fault) {
            throw new IllegalStateException("the old tables could not be made", fault);
        }
    }

    public static void create(DataSource database) {
        try (Connection connection = database.getConnection()) {
            create(connection);
        } catch (SQLException fault) {
            throw new IllegalStateException("the old tables could not be made", fault);
        }
    }

    private static void create(Connection connection) throws SQLException {
        try (InputStream sql = Objects.requireNonNull(OldTables.class.getResourceAsStream("/oldworker/schema.sql"));
                Statement statement = connection.createStatement()) {
            statement.execute(new String(sql.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
