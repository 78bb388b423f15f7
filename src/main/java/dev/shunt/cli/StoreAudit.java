package dev.shunt.cli;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What is stored, read by plain SQL; none of Shunt's own readers is asked. */
public final class StoreAudit {

    /**
     * One ledger row.
     *
     * @param traceId the item's subject
     * @param route where it ran
     * @param reason why there
     * @param state DONE when every effect is committed
     * @param wayIn HTTP or TAP
     * @param millis from acceptance to commit; NaN while it is open
     */
    public record LedgerRow(String traceId, String route, String reason, String state, String wayIn, double millis) {}

    private final Connections connections;
    private final String project;

    /** Opens a connection to the service's own database; its address may change when the service is restarted. */
    public interface Connections {
        /** A new one; the caller closes it. */
        Connection open() throws SQLException;
    }

    /** @param project only its rows are read */
    public StoreAudit(Connections connections, String project) {
        this.connections = connections;
        this.project = project;
    }

    /** Every ledger row of the project. */
    public List<LedgerRow> ledger() throws SQLException {
        return query(
                """
                select subject, executed_route, reason, state, way_in,
                       extract(epoch from committed_at - accepted_at) * 1000
                from ledger where workload = 'trace' and project_id = ?""",
                row -> new LedgerRow(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getObject(6) == null ? Double.NaN : row.getDouble(6)));
    }

    /** Span ids of every stored trace; a trace without spans has none. */
    public Map<String, Set<String>> storedSpans() throws SQLException {
        Map<String, Set<String>> spans = new HashMap<>();
        query("select id from trace where project_id = ?", row -> spans.put(row.getString(1), new HashSet<>()));
        query(
                "select trace_id, id from span where project_id = ?",
                row -> spans.computeIfAbsent(row.getString(1), orphan -> new HashSet<>())
                        .add(row.getString(2)));
        return spans;
    }

    /** By {@link CostRow#name()}. */
    public Map<String, CostRow> costSummary() throws SQLException {
        Map<String, CostRow> rows = new TreeMap<>();
        query("""
                select day, model, spans, unpriced_spans, prompt_tokens, completion_tokens, total_tokens,
                       input_cost, output_cost, total_cost
                from daily_cost_summary where project_id = ?""", row -> {
            var read = new CostRow(
                    row.getString(1),
                    row.getString(2),
                    row.getLong(3),
                    row.getLong(4),
                    row.getLong(5),
                    row.getLong(6),
                    row.getLong(7),
                    row.getBigDecimal(8),
                    row.getBigDecimal(9),
                    row.getBigDecimal(10));
            return rows.put(read.name(), read);
        });
        return rows;
    }

    /** Items that are neither done nor dead letters. */
    long unfinished(int expectedItems) throws SQLException {
        long settled = query(
                        "select count(*) from ledger where workload = 'trace' and project_id = ? and state in ('DONE', 'DEAD')",
                        row -> row.getLong(1))
                .getFirst();
        return Math.max(0, expectedItems - settled);
    }

    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> List<T> query(String sql, Reader<T> reader) throws SQLException {
        try (Connection connection = connections.open();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, project);
            List<T> read = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    read.add(reader.read(rows));
                }
            }
            return read;
        }
    }
}
