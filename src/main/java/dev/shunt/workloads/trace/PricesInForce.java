package dev.shunt.workloads.trace;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The price table, looked up in Java: the comparator must not share the store's way of finding a price. */
final class PricesInForce {

    private static final String ALL = """
            select id, provider, model, effective_from, effective_to, input_per_million, output_per_million, loaded_at
            from model_price
            """;

    private final Map<Name, List<Price>> prices;

    /** Under the names that spans give: a page of items has few models and many spans. Lives as long as the page. */
    private final Map<String, List<Price>> byModel = new HashMap<>();

    private PricesInForce(Map<Name, List<Price>> prices) {
        this.prices = prices;
    }

    private record Name(String provider, String model) {}

    /** Dollars per million tokens. */
    record Price(
            long id,
            Instant from,
            @Nullable Instant to,
            BigDecimal inputPerMillion,
            BigDecimal outputPerMillion,
            Instant loadedAt) {

        private boolean inForceAt(Instant time) {
            return !from.isAfter(time) && (to == null || to.isAfter(time));
        }
    }

    static PricesInForce read(Connection connection) throws SQLException {
        Map<Name, List<Price>> prices = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(ALL);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                prices.computeIfAbsent(
                                new Name(rows.getString("provider"), rows.getString("model")),
                                name -> new ArrayList<>())
                        .add(price(rows));
            }
        }
        return new PricesInForce(prices);
    }

    /** The price of a span, by its model and start; a price that was loaded after it was priced cannot be meant. */
    Optional<Price> of(StoredSpan stored) {
        String model = stored.span().model();
        if (model == null) {
            return Optional.empty();
        }
        Price inForce = null;
        for (Price price : byModel.computeIfAbsent(model, this::named)) {
            boolean known =
                    !price.loadedAt().isAfter(stored.storedAt()) || Objects.equals(price.id(), stored.priceId());
            boolean later = inForce == null || price.from().isAfter(inForce.from());
            if (known && later && price.inForceAt(stored.span().startTime())) {
                inForce = price;
            }
        }
        return Optional.ofNullable(inForce);
    }

    private List<Price> named(String model) {
        String normalised = ModelNames.normalised(model);
        return prices.getOrDefault(new Name(ModelNames.provider(normalised), normalised), List.of());
    }

    private static Price price(ResultSet row) throws SQLException {
        OffsetDateTime to = row.getObject("effective_to", OffsetDateTime.class);
        return new Price(
                row.getLong("id"),
                row.getObject("effective_from", OffsetDateTime.class).toInstant(),
                to == null ? null : to.toInstant(),
                row.getBigDecimal("input_per_million"),
                row.getBigDecimal("output_per_million"),
                row.getObject("loaded_at", OffsetDateTime.class).toInstant());
    }
}
