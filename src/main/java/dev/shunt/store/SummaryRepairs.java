package dev.shunt.store;

import dev.shunt.core.SummaryChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import javax.sql.DataSource;

/** The audit trail of repaired summaries, and of what dry runs would have repaired. */
public final class SummaryRepairs {

    private static final String INSERT = """
            insert into summary_repair (run_id, project_id, day, row_name, before, after, applied, actor)
            select ?, c.project, c.day, c.name, c.before, c.after, ?, ?
            from unnest(?::text[], ?::date[], ?::text[], ?::text[], ?::text[]) as c (project, day, name, before, after)
            """;
    private static final int SHOWN = 1_000;

    private final DataSource database;
    private final Reads reads;

    public SummaryRepairs(DataSource database) {
        this.database = database;
        this.reads = new Reads(database);
    }

    /** @param applied false: a dry run would have changed it so */
    public record Recorded(SummaryChange change, boolean applied, String actor, Instant at) {}

    /** Keeps what a dry run found. */
    public void planned(long run, String actor, List<SummaryChange> changes) {
        try (Connection connection = database.getConnection()) {
            insert(connection, run, actor, false, changes);
        } catch (SQLException fault) {
            throw PostgresFaults.toThrow("recording what reconciliation " + run + " would repair", fault);
        }
    }

    /** Keeps what is changed in the transaction of this connection. */
    public static void applied(Connection connection, long run, String actor, List<SummaryChange> changes)
            throws SQLException {
        insert(connection, run, actor, true, changes);
    }

    /** In the order they were made, at most 1,000. */
    public List<Recorded> of(long run) {
        return reads.ask(
                "reading the repairs of reconciliation " + run,
                jdbc -> jdbc.sql("select * from summary_repair where run_id = :run order by id limit :limit")
                        .param("run", run)
                        .param("limit", SHOWN)
                        .query((row, number) -> new Recorded(
                                new SummaryChange(
                                        row.getString("project_id"),
                                        row.getObject("day", LocalDate.class),
                                        row.getString("row_name"),
                                        row.getString("before"),
                                        row.getString("after")),
                                row.getBoolean("applied"),
                                row.getString("actor"),
                                Reads.time(row, "at")))
                        .list());
    }

    private static void insert(
            Connection connection, long run, String actor, boolean applied, List<SummaryChange> changes)
            throws SQLException {
        if (changes.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setLong(1, run);
            insert.setBoolean(2, applied);
            insert.setString(3, actor);
            var arrays = new SqlArrays(connection, insert, 4);
            arrays.add("text", changes, SummaryChange::project);
            arrays.add("date", changes, change -> change.day().toString());
            arrays.add("text", changes, SummaryChange::row);
            arrays.add("text", changes, SummaryChange::before);
            arrays.add("text", changes, SummaryChange::after);
            insert.executeUpdate();
        }
    }
}
