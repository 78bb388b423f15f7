package dev.shunt.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** The published prices, read here on their own: US dollars per million tokens. */
public final class PriceList {

    /**
     * One line of {@code prices.csv}.
     *
     * @param model normalised name
     * @param until exclusive; {@link Instant#MAX} while it is in force
     */
    public record Price(String model, Instant from, Instant until, BigDecimal input, BigDecimal output) {

        boolean inForceAt(Instant time) {
            return !time.isBefore(from) && time.isBefore(until);
        }
    }

    private final List<Price> prices;

    PriceList(List<Price> prices) {
        this.prices = List.copyOf(prices);
    }

    /** What {@code prices.csv} says. */
    public static PriceList published() {
        try (InputStream file =
                        Objects.requireNonNull(PriceList.class.getResourceAsStream("/prices.csv"), "/prices.csv");
                var lines = new BufferedReader(new InputStreamReader(file, UTF_8))) {
            return new PriceList(lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#") && !line.startsWith("provider,"))
                    .map(PriceList::parse)
                    .toList());
        } catch (IOException e) {
            throw new DemoFailure("Could not read prices.csv", e);
        }
    }

    /** The newest price in force for this model at this time. */
    Optional<Price> find(String model, Instant time) {
        String name = normalise(model);
        return prices.stream()
                .filter(price -> price.model().equals(name) && price.inForceAt(time))
                .max((a, b) -> a.from().compareTo(b.from()));
    }

    /** Lower case, then without a date, a four-digit version and a stage at its end, each once and in this order. */
    static String normalise(String model) {
        return model.strip()
                .toLowerCase(Locale.ROOT)
                .replaceFirst("-\\d{8}$", "")
                .replaceFirst("-\\d{4}$", "")
                .replaceFirst("-(preview|beta|alpha)$", "");
    }

    private static Price parse(String line) {
        String[] column = line.split(",", -1);
        return new Price(
                column[1],
                time(column[2], Instant.MIN),
                time(column[3], Instant.MAX),
                new BigDecimal(column[4]),
                new BigDecimal(column[5]));
    }

    private static Instant time(String text, Instant absent) {
        if (text.isBlank()) {
            return absent;
        }
        return Instant.parse(text.length() == 10 ? text + "T00:00:00Z" : text);
    }
}
