package dev.shunt.workloads.trace;

import dev.shunt.core.SummaryChange;
import dev.shunt.core.UnavailableException;
import dev.shunt.store.PostgresFaults;
import dev.shunt.store.SqlArrays;
import dev.shunt.store.SummaryRepairs;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * Makes daily summaries the sums of their spans again, while both routes go on storing.
 *
 * <p>A summary is corrected by its error, not overwritten by its sum. The error of a row, what it should be less what it
 * is, is taken from one snapshot; then it is added in a short transaction. Every transaction that adds summarised spans
 * adds the same amounts to the summary before it commits. So whatever commits between the snapshot and the correction moves
 * both sides alike and leaves the error what it was:
 *
 * <ul>
 *   <li>A group commits before the snapshot: its spans and its part of the summary are both in it.
 *   <li>A group commits after the snapshot and before the correction: neither is in the snapshot, and the correction adds to
 *       the row that the group left.
 *   <li>A group has touched the row and not committed: the correction waits for the row, at most 500 ms, and adds to what
 *       the group leaves. If the group rolls back, it adds to the row as it was.
 *   <li>The correction has touched the row and not committed: the group's upsert waits for it (milliseconds: nothing is summed
 *       under the lock) and adds to the corrected row.
 *   <li>The row is not there, and a group inserts it meanwhile: the unique key makes one of the two wait, and
 *       {@code on conflict} adds.
 *   <li>A row of spans that are no more becomes zero and is deleted in the same transaction, only if it is still zero then; a
 *       group that waits for it inserts it anew.
 *   <li>Both take rows in the order of the key, so they cannot wait for each other in a circle; were they to, the correction
 *       gives up first (500 ms against the second of Postgres's deadlock check) and begins anew.
 *   <li>Two repairs at once would add the same error twice: a session lock lets one begin after the other has committed, and
 *       it is held by the connection that corrects, so that it cannot outlive it.
 * </ul>
 */
final class SummaryRepair {

    private static final int TRIES = 10;
    private static final String LOCK = "select pg_advisory_lock(hashtextextended('shunt:summary-repair', 0))";
    private static final String UNLOCK = "select pg_advisory_unlock(hashtextextended('shunt:summary-repair', 0))";
    private static final String CORRECT = """
            insert into daily_cost_summary as d (project_id, day, model, spans, unpriced_spans, prompt_tokens,
                completion_tokens, total_tokens, input_cost, output_cost, total_cost)
            select ?, ?::date, e.* from unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                ?::numeric[], ?::numeric[], ?::numeric[]) as e (model, spans, unpriced_spans, prompt_tokens,
                completion_tokens, total_tokens, input_cost, output_cost, total_cost)
            order by e.model
            on conflict (project_id, day, model) do update set
                spans = d.spans + excluded.spans, unpriced_spans = d.unpriced_spans + excluded.unpriced_spans,
                prompt_tokens = d.prompt_tokens + excluded.prompt_tokens,
                completion_tokens = d.completion_tokens + excluded.completion_tokens,
                total_tokens = d.total_tokens + excluded.total_tokens, input_cost = d.input_cost + excluded.input_cost,
                output_cost = d.output_cost + excluded.output_cost, total_cost = d.total_cost + excluded.total_cost
            returning *
            """;
    private static final String DROP_EMPTY = """
            delete from daily_cost_summary where project_id = ? and day = ?::date and model = any(?) and spans = 0
                and unpriced_spans = 0 and prompt_tokens = 0 and completion_tokens = 0 and total_tokens = 0
                and input_cost = 0 and output_cost = 0 and total_cost = 0
            returning model
            """;

    private final DataSource database;

    SummaryRepair(DataSource database) {
        this.database = database;
    }

    /** What {@link #apply} would change now. */
    List<SummaryChange> plan(LocalDate day) {
        return new Snapshot(database).read("planning the repair of " + day, connection -> {
            SummaryCheck.Sheets sheets = SummaryCheck.sheets(connection, day);
            List<SummaryChange> changes = new ArrayList<>();
            errors(sheets)
                    .forEach((project, errors) -> errors.keySet().forEach(model -> {
                        var row = new RowName(project, model);
                        Sums before = sheets.actual().get(row);
                        Sums after = sheets.expected().get(row);
                        changes.add(new SummaryChange(
                                project,
                                day,
                                model,
                                before == null ? null : before.json(),
                                after == null ? null : after.json()));
                    }));
            return changes;
        });
    }

    /** One transaction for each project, its audit rows included. */
    List<SummaryChange> apply(LocalDate day, long run, String actor) {
        try (Connection connection = database.getConnection()) {
            execute(connection, LOCK);
            try {
                SummaryCheck.Sheets sheets = sheets(connection, day);
                List<SummaryChange> changes = new ArrayList<>();
                for (Map.Entry<String, Map<String, Sums>> project :
                        errors(sheets).entrySet()) {
                    changes.addAll(correct(connection, project.getKey(), day, project.getValue(), run, actor));
                }
                return changes;
            } finally {
                execute(connection, UNLOCK);
            }
        } catch (SQLException fault) {
            throw PostgresFaults.toThrow("repairing the summaries of " + day, fault);
        }
    }

    // the lock is taken before: a snapshot that is older than the lock could hold an error that is corrected already
    private static SummaryCheck.Sheets sheets(Connection connection, LocalDate day) throws SQLException {
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try {
            return SummaryCheck.sheets(connection, day);
        } finally {
            connection.rollback();
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            connection.setAutoCommit(true);
        }
    }

    /** What is to be added to each row, by project and model; without rows that are right. */
    private static Map<String, Map<String, Sums>> errors(SummaryCheck.Sheets sheets) {
        Map<RowName, Sums> errors = new TreeMap<>();
        sheets.expected().forEach((row, sums) -> errors.put(row, sums));
        sheets.actual()
                .forEach((row, sums) ->
                        errors.put(row, errors.getOrDefault(row, Sums.zero()).minus(sums)));
        Map<String, Map<String, Sums>> wrong = new TreeMap<>();
        errors.forEach((row, error) -> {
            boolean ghost = error.isZero() && !sheets.expected().containsKey(row);
            if (!error.isZero() || ghost) {
                wrong.computeIfAbsent(row.project(), project -> new TreeMap<>()).put(row.model(), error);
            }
        });
        return wrong;
    }

    private static List<SummaryChange> correct(
            Connection connection, String project, LocalDate day, Map<String, Sums> errors, long run, String actor)
            throws SQLException {
        connection.setAutoCommit(false);
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    execute(connection, "set local lock_timeout = '500ms'");
                    List<SummaryChange> changes = add(connection, project, day, errors);
                    SummaryRepairs.applied(connection, run, actor, changes);
                    connection.commit();
                    return changes;
                } catch (SQLException fault) {
                    connection.rollback();
                    if (!"55P03".equals(fault.getSQLState()) && !"40P01".equals(fault.getSQLState())) {
                        throw fault;
                    }
                    if (attempt == TRIES) {
                        throw new UnavailableException(
                                "the summary of " + project + " on " + day
                                        + " is never free for 500 ms; the error stays "
                                        + "what it is, try again when less is stored",
                                Duration.ofMinutes(1),
                                fault);
                    }
                }
            }
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static List<SummaryChange> add(
            Connection connection, String project, LocalDate day, Map<String, Sums> errors) throws SQLException {
        Map<String, Sums> after = new LinkedHashMap<>();
        List<Map.Entry<String, Sums>> rows = List.copyOf(errors.entrySet());
        try (PreparedStatement correct = connection.prepareStatement(CORRECT)) {
            correct.setString(1, project);
            correct.setString(2, day.toString());
            var arrays = new SqlArrays(connection, correct, 3);
            arrays.add("text", rows, Map.Entry::getKey);
            for (String column : Sums.COLUMNS) {
                Function<Map.Entry<String, Sums>, Object> value =
                        row -> row.getValue().column(column);
                arrays.add(column.endsWith("cost") ? "numeric" : "bigint", rows, value);
            }
            try (ResultSet changed = correct.executeQuery()) {
                while (changed.next()) {
                    after.put(changed.getString("model"), Sums.of(changed));
                }
            }
        }
        List<String> dropped = dropEmpty(connection, project, day, after);
        List<SummaryChange> changes = new ArrayList<>();
        after.forEach((model, sums) -> {
            Sums before = sums.minus(errors.getOrDefault(model, Sums.zero()));
            changes.add(new SummaryChange(
                    project,
                    day,
                    model,
                    before.isZero() && !sums.isZero() ? null : before.json(),
                    dropped.contains(model) ? null : sums.json()));
        });
        return changes;
    }

    private static List<String> dropEmpty(Connection connection, String project, LocalDate day, Map<String, Sums> after)
            throws SQLException {
        List<String> dropped = new ArrayList<>();
        try (PreparedStatement drop = connection.prepareStatement(DROP_EMPTY)) {
            drop.setString(1, project);
            drop.setString(2, day.toString());
            drop.setArray(3, connection.createArrayOf("text", after.keySet().toArray()));
            try (ResultSet gone = drop.executeQuery()) {
                while (gone.next()) {
                    dropped.add(gone.getString(1));
                }
            }
        }
        return dropped;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
