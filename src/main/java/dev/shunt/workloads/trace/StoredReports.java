package dev.shunt.workloads.trace;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stored traces and summaries in a form for people. Amounts are text: exact, without an exponent. */
final class StoredReports {

    private static final String TRACE = SqlText.of("trace/stored-trace.sql");
    private static final String SUMMARY = """
            select model, spans, unpriced_spans, prompt_tokens, completion_tokens, total_tokens,
                   input_cost, output_cost, total_cost
            from daily_cost_summary where project_id = ? and day = ?::date order by model
            """;
    private static final Map<String, String> COUNTS = counts();
    private static final Map<String, String> AMOUNTS = amounts();

    private StoredReports() {}

    static Optional<String> trace(Connection connection, String project, String id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(TRACE)) {
            select.setString(1, project);
            select.setString(2, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    static List<Map<String, Object>> summary(Connection connection, String project, LocalDate day) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SUMMARY)) {
            select.setString(1, project);
            select.setString(2, day.toString());
            List<Map<String, Object>> models = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    models.add(line(rows));
                }
            }
            return models;
        }
    }

    private static Map<String, Object> line(ResultSet row) throws SQLException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("model", row.getString("model"));
        for (Map.Entry<String, String> count : COUNTS.entrySet()) {
            line.put(count.getKey(), row.getLong(count.getValue()));
        }
        for (Map.Entry<String, String> amount : AMOUNTS.entrySet()) {
            line.put(amount.getKey(), String.valueOf(Findings.plain(row.getBigDecimal(amount.getValue()))));
        }
        return line;
    }

    private static Map<String, String> counts() {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("spans", "spans");
        columns.put("unpricedSpans", "unpriced_spans");
        columns.put("promptTokens", "prompt_tokens");
        columns.put("completionTokens", "completion_tokens");
        columns.put("totalTokens", "total_tokens");
        return columns;
    }

    private static Map<String, String> amounts() {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("inputCost", "input_cost");
        columns.put("outputCost", "output_cost");
        columns.put("totalCost", "total_cost");
        return columns;
    }
}
