package dev.shunt.workloads.trace;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The outside worker's own price list, and what a span must cost by its rules: each cost exact, then rounded half up to the
 * six digits of its column. A total may thus differ from the sum of its parts by 0.000001.
 */
final class ExternalPrices {

    static final int SCALE = 6;

    private final List<Price> prices;

    private ExternalPrices(List<Price> prices) {
        this.prices = prices;
    }

    private record Price(
            @Nullable String id,
            String provider,
            String model,
            BigDecimal input,
            BigDecimal output,
            Instant from,
            @Nullable Instant to) {

        private boolean inForceAt(Instant time) {
            return !from.isAfter(time) && (to == null || !to.isBefore(time));
        }
    }

    /** What the columns must hold. */
    record Cost(BigDecimal input, BigDecimal output, BigDecimal total) {}

    static ExternalPrices read(Connection connection, ExternalTables tables) throws SQLException {
        List<Price> prices = new ArrayList<>();
        ExternalDatabase.rows(
                connection,
                tables.prices(),
                row -> prices.add(new Price(
                        row.getString("id"),
                        row.getString("provider"),
                        row.getString("model"),
                        row.getBigDecimal("input"),
                        row.getBigDecimal("output"),
                        Instant.EPOCH.plus(row.getLong("valid_from"), ChronoUnit.MICROS),
                        row.getObject("valid_to", Long.class) == null
                                ? null
                                : Instant.EPOCH.plus(row.getLong("valid_to"), ChronoUnit.MICROS))));
        return new ExternalPrices(prices);
    }

    /** Whether the worker looks for a price at all: there is a model, and tokens of either sort. */
    static boolean isBilled(SpanMessage span) {
        String model = span.model();
        return model != null
                && !model.isEmpty()
                && (orZero(span.promptTokens()) != 0 || orZero(span.completionTokens()) != 0);
    }

    /**
     * @param processed when the worker priced it, about; the price that the row names stands
     * @return empty if it must have no cost
     */
    Optional<Cost> cost(ExternalRows.CostedSpan stored, Instant processed) {
        SpanMessage span = stored.span();
        String model = span.model();
        if (model == null || !isBilled(span)) {
            return Optional.empty();
        }
        String normalised = ModelNames.normalised(model);
        return prices.stream()
                .filter(price -> price.model().equals(normalised))
                .filter(price -> price.provider().equals(oldProvider(normalised)))
                .filter(price -> named(price, stored) || price.inForceAt(processed))
                .max(Comparator.<Price, Boolean>comparing(price -> named(price, stored))
                        .thenComparing(Price::from))
                .map(price -> cost(span, price));
    }

    private static boolean named(Price price, ExternalRows.CostedSpan stored) {
        return price.id() != null && price.id().equals(stored.priceId());
    }

    private static Cost cost(SpanMessage span, Price price) {
        BigDecimal input = price.input()
                .multiply(BigDecimal.valueOf(orZero(span.promptTokens())))
                .movePointLeft(6);
        BigDecimal output = price.output()
                .multiply(BigDecimal.valueOf(orZero(span.completionTokens())))
                .movePointLeft(6);
        return new Cost(rounded(input), rounded(output), rounded(input.add(output)));
    }

    private static BigDecimal rounded(BigDecimal exact) {
        return exact.setScale(SCALE, RoundingMode.HALF_UP);
    }

    /** Models that the old worker knows nothing of have no provider there. */
    private static String oldProvider(String model) {
        boolean newer = model.startsWith("gpt-5")
                || model.startsWith("chatgpt")
                || model.startsWith("o3")
                || model.startsWith("o4");
        return newer ? "unknown" : ModelNames.provider(model);
    }

    private static int orZero(@Nullable Integer tokens) {
        return tokens == null ? 0 : tokens;
    }
}
