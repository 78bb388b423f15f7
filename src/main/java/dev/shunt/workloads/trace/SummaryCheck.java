package dev.shunt.workloads.trace;

import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.Kind;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A day's summary against sums made anew from the span rows. Both are read in one snapshot. */
final class SummaryCheck {

    // Per model as it was sent; which name it is summed under is decided in Java, apart from the store's own column.
    private static final String SPANS = """
            select p.id as project_id, s.model, count(*) as spans,
                   count(*) filter (where s.price_state = 'UNPRICED') as unpriced_spans,
                   sum(coalesce(s.prompt_tokens, 0)::bigint) as prompt_tokens,
                   sum(coalesce(s.completion_tokens, 0)::bigint) as completion_tokens,
                   sum(coalesce(s.total_tokens,
                                coalesce(s.prompt_tokens, 0)::bigint + coalesce(s.completion_tokens, 0))) as total_tokens,
                   sum(coalesce(s.input_cost, 0)) as input_cost, sum(coalesce(s.output_cost, 0)) as output_cost,
                   sum(coalesce(s.total_cost, 0)) as total_cost
            from project p join span s on s.project_id = p.id
            where s.start_time >= ?::timestamptz and s.start_time < ?::timestamptz
              and s.summarised and s.model is not null
              and (coalesce(s.prompt_tokens, 0) <> 0 or coalesce(s.completion_tokens, 0) <> 0
                   or coalesce(s.total_tokens, 0) <> 0)
            group by p.id, s.model
            """;
    private static final String SUMMARIES = "select * from daily_cost_summary where day = ?::date";

    private SummaryCheck() {}

    static List<Divergence> run(Connection connection, LocalDate day) throws SQLException {
        Sheets sheets = sheets(connection, day);
        return compare(day, sheets.expected(), sheets.actual());
    }

    /** What must be stored of a day, and what is. */
    record Sheets(Map<RowName, Sums> expected, Map<RowName, Sums> actual) {}

    /** In the snapshot of the connection's transaction. */
    static Sheets sheets(Connection connection, LocalDate day) throws SQLException {
        Map<RowName, Sums> expected = new TreeMap<>();
        read(connection, SPANS, List.of(day + "T00:00:00Z", day.plusDays(1) + "T00:00:00Z"), row -> {
            String model = ModelNames.summaryName(row.getString("model"));
            if (!model.isEmpty()) {
                Sums sums = Sums.of(row);
                String project = row.getString("project_id");
                expected.merge(new RowName(project, model), sums, Sums::plus);
                expected.merge(new RowName(project, ModelNames.ALL), sums, Sums::plus);
            }
        });
        Map<RowName, Sums> actual = new TreeMap<>();
        read(
                connection,
                SUMMARIES,
                List.of(day.toString()),
                row -> actual.put(new RowName(row.getString("project_id"), row.getString("model")), Sums.of(row)));
        return new Sheets(expected, actual);
    }

    private static List<Divergence> compare(LocalDate day, Map<RowName, Sums> expected, Map<RowName, Sums> actual) {
        List<Divergence> found = new ArrayList<>();
        expected.forEach((name, sums) -> {
            Sums stored = actual.get(name);
            if (stored == null) {
                found.add(summary(name.path(day), sums.toString(), null));
            } else {
                Map<String, BigDecimal> columns = stored.columns();
                sums.columns().forEach((column, value) -> {
                    BigDecimal other = columns.get(column);
                    if (other == null || value.compareTo(other) != 0) {
                        found.add(summary(name.path(day) + "." + column, Findings.plain(value), Findings.plain(other)));
                    }
                });
            }
        });
        actual.forEach((name, sums) -> {
            if (!expected.containsKey(name)) {
                found.add(summary(name.path(day), null, sums.toString()));
            }
        });
        return found;
    }

    private static Divergence summary(String path, @Nullable String expected, @Nullable String actual) {
        return Divergence.ofInput(Kind.SUMMARY, path, expected, actual, null, null, null);
    }

    /** Takes one row. */
    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    private static void read(Connection connection, String sql, List<String> parameters, RowReader reader)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.size(); i++) {
                select.setString(i + 1, parameters.get(i));
            }
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    reader.read(rows);
                }
            }
        }
    }
}
