package dev.shunt.workloads.trace;

import dev.shunt.store.PostgresFaults;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the prices of shadow runs equal to the live ones. Prices change a few times a year: what was priced before a change
 * was noticed is not compared, because nobody can tell which prices it had met.
 */
final class PriceCopy {

    private static final String LIVE = """
            select id, provider, model, effective_from::text, effective_to::text, input_per_million::text,
                output_per_million::text, source, source_date::text, loaded_at::text from model_price order by id
            """;
    private static final String FINGERPRINT =
            "select count(*) || ':' || coalesce(sum(hashtextextended(m::text, 0)), 0) from model_price m";
    private static final String COPY = """
            insert into model_price (id, provider, model, effective_from, effective_to, input_per_million,
                output_per_million, source, source_date, loaded_at) overriding system value
            select * from unnest(?::bigint[], ?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[], ?::numeric[],
                ?::numeric[], ?::text[], ?::date[], ?::timestamptz[])
            """;
    private static final String[] TYPES = {
        "bigint", "text", "text", "timestamptz", "timestamptz", "numeric", "numeric", "text", "date", "timestamptz"
    };

    private final Snapshot live;
    private final DataSource apart;
    private final Clock clock;

    private @Nullable String copied;
    private Instant steadySince = Instant.MAX;

    PriceCopy(DataSource live, DataSource apart, Clock clock) {
        this.live = new Snapshot(live);
        this.apart = apart;
        this.clock = clock;
    }

    /** The table as it was read, column by column. */
    private record Prices(String fingerprint, List<List<@Nullable String>> columns) {}

    synchronized void copy() {
        Prices prices =
                live.read("reading prices", connection -> new Prices(fingerprint(connection), columns(connection)));
        if (prices.fingerprint().equals(copied)) {
            return;
        }
        try (Connection connection = apart.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement clear = connection.createStatement();
                    PreparedStatement insert = connection.prepareStatement(COPY)) {
                clear.execute("lock table model_price in exclusive mode");
                clear.execute("delete from model_price");
                for (int i = 0; i < TYPES.length; i++) {
                    insert.setArray(
                            i + 1,
                            connection.createArrayOf(
                                    TYPES[i], prices.columns().get(i).toArray()));
                }
                insert.executeUpdate();
                connection.commit();
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException fault) {
            throw PostgresFaults.toThrow("copying prices for shadow runs", fault);
        }
        copied = prices.fingerprint();
        steadySince = clock.instant();
    }

    /** Whether everything committed since then has met the prices that are copied. */
    synchronized boolean steadySince(Connection live, Instant since) throws SQLException {
        return fingerprint(live).equals(copied) && !since.isBefore(steadySince);
    }

    private static String fingerprint(Connection connection) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(FINGERPRINT)) {
            row.next();
            return row.getString(1);
        }
    }

    private static List<List<@Nullable String>> columns(Connection connection) throws SQLException {
        List<List<@Nullable String>> columns = new ArrayList<>();
        for (int i = 0; i < TYPES.length; i++) {
            columns.add(new ArrayList<>());
        }
        try (Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery(LIVE)) {
            while (rows.next()) {
                for (int i = 0; i < TYPES.length; i++) {
                    columns.get(i).add(rows.getString(i + 1));
                }
            }
        }
        return columns;
    }
}
