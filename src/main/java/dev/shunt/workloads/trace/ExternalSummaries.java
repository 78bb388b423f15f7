package dev.shunt.workloads.trace;

import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.workloads.trace.ExternalRows.CostedSpan;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A day's summaries of a worker outside against sums made anew from its spans. By its rules: spans that have a cost, under
 * their model in lower case, total tokens = prompt + completion, and all of them once more under {@code __all__}. Every
 * addition rounded to six digits, so a sum of n spans may be off by n millionths.
 */
final class ExternalSummaries {

    private static final BigDecimal MILLIONTH = new BigDecimal("0.000001");

    private final ExternalDatabase database;
    private final ExternalRows rows;
    private final Clock clock;
    private final Map<LocalDate, Looked> looked = new HashMap<>();

    ExternalSummaries(ExternalDatabase database, Clock clock) {
        this.database = database;
        this.rows = new ExternalRows(database.tables());
        this.clock = clock;
    }

    private record Looked(Instant at, List<Divergence> found) {}

    private record Name(String project, String model) {}

    /** Adds the day up at most once in an interval; a second look that is to confirm a finding is a look of its own. */
    synchronized List<Divergence> verify(LocalDate day) {
        Instant now = clock.instant();
        Duration interval = database.names().summaryInterval();
        looked.values().removeIf(look -> Duration.between(look.at(), now).compareTo(interval) >= 0);
        Looked before = looked.get(day);
        if (before != null && before.found().isEmpty()) {
            return List.of();
        }
        List<Divergence> found = database.read("adding up " + day + " outside", connection -> compare(connection, day));
        looked.put(day, new Looked(before == null ? now : before.at(), before == null ? found : List.of()));
        return found;
    }

    private List<Divergence> compare(Connection connection, LocalDate day) throws SQLException {
        Map<Name, Map<String, BigDecimal>> expected = new TreeMap<>(Comparator.comparing(Name::toString));
        ExternalDatabase.rows(
                connection,
                database.tables().spansOfDay(),
                row -> add(expected, row),
                day.toString(),
                day.plusDays(1).toString());
        Map<Name, Map<String, BigDecimal>> actual = new HashMap<>();
        ExternalDatabase.rows(
                connection,
                database.tables().summaries(),
                row -> actual.put(new Name(row.getString("project_id"), row.getString("model")), columns(row)),
                day.toString());
        List<Divergence> found = new ArrayList<>();
        expected.forEach((name, sums) -> compare(day, name, sums, actual.remove(name), found));
        actual.forEach(
                (name, sums) -> found.add(summary(path(day, name), null, "total_cost " + sums.get("total_cost"))));
        return found;
    }

    private static void compare(
            LocalDate day,
            Name name,
            Map<String, BigDecimal> sums,
            @Nullable Map<String, BigDecimal> stored,
            List<Divergence> found) {
        if (stored == null) {
            found.add(summary(path(day, name), "total_cost " + sums.get("total_cost"), null));
            return;
        }
        BigDecimal tolerance = MILLIONTH.multiply(sums.getOrDefault("spans", BigDecimal.ZERO));
        sums.forEach((column, value) -> {
            BigDecimal other = stored.get(column);
            BigDecimal allowed = column.endsWith("_cost") ? tolerance : BigDecimal.ZERO;
            if (other == null || value.subtract(other).abs().compareTo(allowed) > 0) {
                found.add(summary(path(day, name) + "." + column, Findings.plain(value), Findings.plain(other)));
            }
        });
    }

    private void add(Map<Name, Map<String, BigDecimal>> sums, ResultSet row) throws SQLException {
        CostedSpan stored = rows.span(row);
        String project = row.getString("project_id");
        share(stored).forEach((model, span) -> {
            Map<String, BigDecimal> sum = sums.computeIfAbsent(new Name(project, model), none -> new LinkedHashMap<>());
            span.forEach((column, value) -> sum.merge(column, value, BigDecimal::add));
        });
    }

    /** What one span adds to its day, by model; empty if it is not summed. */
    static Map<String, Map<String, BigDecimal>> share(CostedSpan stored) {
        String model = stored.span().model();
        if (model == null || stored.totalCost() == null || !ExternalPrices.isBilled(stored.span())) {
            return Map.of();
        }
        Map<String, BigDecimal> span = new LinkedHashMap<>();
        BigDecimal prompt = amount(stored.span().promptTokens());
        BigDecimal completion = amount(stored.span().completionTokens());
        span.put("spans", BigDecimal.ONE);
        span.put("prompt_tokens", prompt);
        span.put("completion_tokens", completion);
        span.put("total_tokens", prompt.add(completion));
        span.put("input_cost", orZero(stored.inputCost()));
        span.put("output_cost", orZero(stored.outputCost()));
        span.put("total_cost", orZero(stored.totalCost()));
        return Map.of(model.toLowerCase(Locale.ROOT), span, ModelNames.ALL, span);
    }

    private static Map<String, BigDecimal> columns(ResultSet row) throws SQLException {
        Map<String, BigDecimal> columns = new LinkedHashMap<>();
        for (String column : List.of(
                "spans",
                "prompt_tokens",
                "completion_tokens",
                "total_tokens",
                "input_cost",
                "output_cost",
                "total_cost")) {
            columns.put(column, orZero(row.getBigDecimal(column)));
        }
        return columns;
    }

    private static BigDecimal amount(@Nullable Integer tokens) {
        return tokens == null ? BigDecimal.ZERO : BigDecimal.valueOf(tokens);
    }

    private static BigDecimal orZero(@Nullable BigDecimal amount) {
        return amount == null ? BigDecimal.ZERO : amount;
    }

    private static Divergence summary(String path, @Nullable String expected, @Nullable String actual) {
        return Divergence.ofInput(Kind.SUMMARY, path, expected, actual, null, null, null);
    }

    private static String path(LocalDate day, Name name) {
        return "summaries[" + name.project() + "/" + day + "/" + name.model() + "]";
    }
}
