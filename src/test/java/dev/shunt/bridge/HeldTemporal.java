package dev.shunt.bridge;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Keeps the Temporal side from storing anything until it is let go: its transactions wait before their first row. The
 * legacy side stores as ever. So items are in flight on Temporal for as long as a test wants them to be.
 */
final class HeldTemporal implements AutoCloseable {

    private static final String LOCK = "4711";

    /** One of these has the first row, whichever the planner takes first. */
    private static final List<String> TABLES = List.of("project", "trace", "span");

    private final JdbcClient sql;
    private final Connection holding;
    private boolean held = true;

    HeldTemporal(DataSource database) {
        this.sql = JdbcClient.create(database);
        try {
            holding = database.getConnection();
            execute("select pg_advisory_lock(" + LOCK + ")");
        } catch (SQLException fault) {
            throw new AssertionError(fault);
        }
        sql.sql("""
                create or replace function held_temporal() returns trigger language plpgsql as $$
                begin
                    perform pg_advisory_xact_lock_shared(%s);
                    return new;
                end $$
                """.formatted(LOCK)).update();
        for (String table : TABLES) {
            sql.sql("""
                    create or replace trigger held_temporal before insert on %s for each row
                    when (current_setting('application_name') = 'shunt-lane-temporal') execute function held_temporal()
                    """.formatted(table)).update();
        }
    }

    /** From here on it stores again, what has waited first. */
    void letGo() {
        if (held) {
            held = false;
            try {
                execute("select pg_advisory_unlock(" + LOCK + ")");
                holding.close();
            } catch (SQLException fault) {
                throw new AssertionError(fault);
            }
        }
    }

    private void execute(String command) throws SQLException {
        try (Statement statement = holding.createStatement()) {
            statement.execute(command);
        }
    }

    @Override
    public void close() {
        letGo();
        // one lock at a time: a transaction of the service may hold one table and want the next
        TABLES.forEach(
                table -> sql.sql("drop trigger held_temporal on " + table).update());
        sql.sql("drop function held_temporal()").update();
    }
}
