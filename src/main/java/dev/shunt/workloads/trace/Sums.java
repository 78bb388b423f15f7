package dev.shunt.workloads.trace;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** One summary row's figures, by column. */
record Sums(Map<String, BigDecimal> columns) {

    static final List<String> COLUMNS = List.of(
            "spans",
            "unpriced_spans",
            "prompt_tokens",
            "completion_tokens",
            "total_tokens",
            "input_cost",
            "output_cost",
            "total_cost");

    static Sums of(ResultSet row) throws SQLException {
        Map<String, BigDecimal> columns = new LinkedHashMap<>();
        for (String column : COLUMNS) {
            columns.put(column, row.getBigDecimal(column));
        }
        return new Sums(columns);
    }

    static Sums zero() {
        Map<String, BigDecimal> columns = new LinkedHashMap<>();
        COLUMNS.forEach(column -> columns.put(column, BigDecimal.ZERO));
        return new Sums(columns);
    }

    /** By value: 0.10 is 0.1. */
    boolean same(Sums other) {
        return COLUMNS.stream().allMatch(column -> column(column).compareTo(other.column(column)) == 0);
    }

    boolean isZero() {
        return same(zero());
    }

    Sums minus(Sums other) {
        Map<String, BigDecimal> negative = new LinkedHashMap<>();
        COLUMNS.forEach(column -> negative.put(column, other.column(column).negate()));
        return plus(new Sums(negative));
    }

    BigDecimal column(String column) {
        return columns.getOrDefault(column, BigDecimal.ZERO);
    }

    /** For the audit trail. */
    String json() {
        return COLUMNS.stream()
                .map(column -> "\"" + column + "\":" + Findings.plain(column(column)))
                .collect(Collectors.joining(",", "{", "}"));
    }

    Sums plus(Sums other) {
        Map<String, BigDecimal> sums = new LinkedHashMap<>();
        columns.forEach(
                (column, value) -> sums.put(column, value.add(other.columns.getOrDefault(column, BigDecimal.ZERO))));
        return new Sums(sums);
    }

    @Override
    public String toString() {
        return columns.get("spans") + " spans, total_cost " + Findings.plain(columns.get("total_cost"));
    }
}
