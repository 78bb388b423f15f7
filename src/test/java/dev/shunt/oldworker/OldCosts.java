package dev.shunt.oldworker;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The old worker's costs: price by provider and normalised model, sums by local day and raw model in lower case. */
final class OldCosts {

    private final ZoneId zone;
    private final boolean inDoubles;

    OldCosts(ZoneId zone, boolean inDoubles) {
        this.zone = zone;
        this.inDoubles = inDoubles;
    }

    private record Price(String id, BigDecimal input, BigDecimal output) {}

    private record Sum(long spans, long prompt, long completion, BigDecimal input, BigDecimal output) {

        static final Sum NONE = new Sum(0, 0, 0, BigDecimal.ZERO, BigDecimal.ZERO);

        Sum plus(Sum other) {
            return new Sum(
                    spans + other.spans,
                    prompt + other.prompt,
                    completion + other.completion,
                    input.add(other.input),
                    output.add(other.output));
        }
    }

    private record Key(String day, String model) {}

    void store(Connection connection, String project, JsonNode data) throws SQLException {
        Map<Key, Sum> sums = new LinkedHashMap<>();
        Map<String, Sum> days = new LinkedHashMap<>();
        Sum all = Sum.NONE;
        for (JsonNode span : data.get("Spans")) {
            long prompt = span.path("Usage").path("PromptTokens").asLong(0);
            long completion = span.path("Usage").path("CompletionTokens").asLong(0);
            String model = OldProcessor.text(span, "Model");
            if (model == null || model.isEmpty() || (prompt == 0 && completion == 0)) {
                continue;
            }
            Price price = price(connection, model);
            if (price == null) {
                continue;
            }
            Sum cost = new Sum(1, prompt, completion, cost(price.input(), prompt), cost(price.output(), completion));
            OldProcessor.run(
                    connection,
                    "update \"Span\" set \"inputCost\" = ?, \"outputCost\" = ?, \"totalCost\" = ?, \"pricingId\" = ?"
                            + " where \"id\" = ?",
                    cost.input(),
                    cost.output(),
                    cost.input().add(cost.output()),
                    price.id(),
                    OldProcessor.text(span, "ID"));
            String day = OldProcessor.parse(OldProcessor.text(span, "StartTime"))
                    .atZone(zone)
                    .toLocalDate()
                    .toString();
            sums.merge(new Key(day, model.toLowerCase(Locale.ROOT)), cost, Sum::plus);
            days.put(day, cost);
            all = all.plus(cost);
        }
        for (Map.Entry<Key, Sum> one : sums.entrySet()) {
            add(connection, project, one.getKey().day(), one.getKey().model(), one.getValue());
        }
        for (String day : days.keySet()) {
            add(
                    connection,
                    project,
                    day,
                    "__all__",
                    all); // with several days each gets the sum of all: its own mistake
        }
    }

    private BigDecimal cost(BigDecimal price, long tokens) {
        return inDoubles
                ? BigDecimal.valueOf(tokens / 1e6 * price.doubleValue())
                : price.multiply(BigDecimal.valueOf(tokens)).movePointLeft(6);
    }

    private static void add(Connection connection, String project, String day, String model, Sum sum)
            throws SQLException {
        OldProcessor.run(
                connection,
                """
                insert into cost_daily_summary as s ("id", "projectId", "date", "model", "spanCount", "inputTokens",
                    "outputTokens", "totalTokens", "inputCost", "outputCost", "totalCost", "updatedAt")
                values (?, ?, ?::date, ?, ?, ?, ?, ?, ?, ?, ?, now() at time zone 'UTC')
                on conflict ("projectId", "date", "model") do update set
                    "spanCount" = s."spanCount" + excluded."spanCount",
                    "inputTokens" = s."inputTokens" + excluded."inputTokens",
                    "outputTokens" = s."outputTokens" + excluded."outputTokens",
                    "totalTokens" = s."totalTokens" + excluded."totalTokens",
                    "inputCost" = s."inputCost" + excluded."inputCost",
                    "outputCost" = s."outputCost" + excluded."outputCost",
                    "totalCost" = s."totalCost" + excluded."totalCost", "updatedAt" = excluded."updatedAt"
                """,
                UUID.randomUUID().toString(),
                project,
                day,
                model,
                sum.spans(),
                sum.prompt(),
                sum.completion(),
                sum.prompt() + sum.completion(),
                sum.input(),
                sum.output(),
                sum.input().add(sum.output()));
    }

    private static @Nullable Price price(Connection connection, String model) throws SQLException {
        String name = model.trim()
                .toLowerCase(Locale.ROOT)
                .replaceFirst("-\\d{8}$", "")
                .replaceFirst("-\\d{4}$", "")
                .replaceFirst("-(preview|beta|alpha)$", "");
        try (PreparedStatement select = connection.prepareStatement("""
                select "id", "inputPricePerMillion", "outputPricePerMillion" from model_pricing
                where "provider" = ? and "model" = ? and "effectiveFrom" <= ?::timestamp
                  and ("effectiveTo" is null or "effectiveTo" >= ?::timestamp)
                order by "effectiveFrom" desc limit 1
                """)) {
            String now = OldProcessor.time(Instant.now().toString());
            select.setString(1, provider(name));
            select.setString(2, name);
            select.setString(3, now);
            select.setString(4, now);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? new Price(row.getString(1), row.getBigDecimal(2), row.getBigDecimal(3)) : null;
            }
        }
    }

    private static String provider(String model) {
        if (model.startsWith("gpt-4") || model.startsWith("gpt-3.5") || model.startsWith("o1")) {
            return "openai";
        }
        return model.startsWith("claude") ? "anthropic" : "unknown";
    }
}
