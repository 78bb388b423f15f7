package dev.shunt.workloads.trace;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The price list that comes with Shunt ({@code prices.csv}). Loading adds rows that are not there yet and changes none:
 * prices in the table may have been corrected or ended by an operator.
 */
final class PriceList {

    private static final Logger log = LoggerFactory.getLogger(PriceList.class);
    private static final String RESOURCE = "prices.csv";
    private static final String HEADER =
            "provider,model,effective_from,effective_to,input_per_million,output_per_million,source,source_date";
    private static final String INSERT = """
            insert into model_price (provider, model, effective_from, effective_to, input_per_million,
                output_per_million, source, source_date)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (provider, model, effective_from) do nothing
            """;

    private final DataSource dataSource;

    PriceList(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** One line. */
    record Price(
            String provider,
            String model,
            Instant from,
            @Nullable Instant to,
            BigDecimal input,
            BigDecimal output,
            String source,
            LocalDate sourceDate) {}

    void load() {
        List<Price> prices = parse(SqlText.of(RESOURCE));
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (Price price : prices) {
                insert.setString(1, price.provider());
                insert.setString(2, price.model());
                insert.setTimestamp(3, Timestamp.from(price.from()));
                insert.setTimestamp(4, price.to() == null ? null : Timestamp.from(price.to()));
                insert.setBigDecimal(5, price.input());
                insert.setBigDecimal(6, price.output());
                insert.setString(7, price.source());
                insert.setObject(8, price.sourceDate());
                insert.addBatch();
            }
            insert.executeBatch();
            log.info(
                    "Price list {} holds {} prices; those that were missing are in the table now",
                    RESOURCE,
                    prices.size());
        } catch (SQLException fault) {
            throw new IllegalStateException(
                    "price list " + RESOURCE + " could not be loaded: " + fault.getMessage(), fault);
        }
    }

    /** @throws IllegalStateException naming the line that is wrong */
    static List<Price> parse(String csv) {
        List<String> lines = csv.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
        if (lines.isEmpty() || !lines.getFirst().equals(HEADER)) {
            throw new IllegalStateException(RESOURCE + " must begin with the line " + HEADER);
        }
        return lines.stream().skip(1).map(PriceList::price).toList();
    }

    private static Price price(String line) {
        String[] cells = line.split(",", -1);
        try {
            return new Price(
                    cells[0],
                    cells[1],
                    midnight(cells[2]),
                    cells[3].isEmpty() ? null : midnight(cells[3]),
                    new BigDecimal(cells[4]),
                    new BigDecimal(cells[5]),
                    cells[6],
                    LocalDate.parse(cells[7]));
        } catch (RuntimeException malformed) {
            throw new IllegalStateException(RESOURCE + " has a malformed line: " + line, malformed);
        }
    }

    private static Instant midnight(String day) {
        return LocalDate.parse(day).atStartOfDay().toInstant(ZoneOffset.UTC);
    }
}
