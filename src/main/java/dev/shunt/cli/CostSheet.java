package dev.shunt.cli;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** The daily cost summary that the sent requests must lead to, worked out from the requests and the published prices. */
public final class CostSheet {

    static final String ALL = "__all__";

    private final PriceList prices;
    private final Map<String, CostRow> rows = new TreeMap<>();

    /** Starts empty. */
    public CostSheet(PriceList prices) {
        this.prices = prices;
    }

    /** Adds what the spans of one trace lead to. */
    public void add(DemoTrace trace) {
        for (JsonNode span : trace.request().path("spans")) {
            String model = span.path("model").asString("").strip();
            if (!model.isEmpty()) {
                add(span, model, start(span, trace));
            }
        }
    }

    /** By {@link CostRow#name()}. */
    public Map<String, CostRow> rows() {
        return rows;
    }

    private void add(JsonNode span, String model, Instant start) {
        JsonNode usage = span.path("usage");
        long prompt = usage.path("prompt_tokens").asLong(0);
        long completion = usage.path("completion_tokens").asLong(0);
        long total = usage.path("total_tokens").asLong(prompt + completion);
        if (prompt == 0 && completion == 0 && total == 0) {
            return;
        }
        Optional<PriceList.Price> price = prices.find(model, start);
        BigDecimal input = price.map(p -> cost(prompt, p.input())).orElse(BigDecimal.ZERO);
        BigDecimal output = price.map(p -> cost(completion, p.output())).orElse(BigDecimal.ZERO);
        String day = start.toString().substring(0, 10);
        var row = new CostRow(
                day,
                model.toLowerCase(Locale.ROOT),
                1,
                price.isPresent() ? 0 : 1,
                prompt,
                completion,
                total,
                input,
                output,
                input.add(output));
        merge(day, row.model(), row);
        merge(day, ALL, row);
    }

    private void merge(String day, String model, CostRow row) {
        rows.merge(day + " " + model, CostRow.empty(day, model).plus(row), CostRow::plus);
    }

    private static BigDecimal cost(long tokens, BigDecimal perMillion) {
        return perMillion.multiply(BigDecimal.valueOf(tokens)).movePointLeft(6);
    }

    private static Instant start(JsonNode span, DemoTrace trace) {
        JsonNode start = span.path("start_time");
        return start.isString() ? Instant.parse(start.stringValue()) : trace.receivedAt();
    }
}
