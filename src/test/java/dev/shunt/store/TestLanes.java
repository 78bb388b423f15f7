package dev.shunt.store;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Lanes into a test's own database. */
public final class TestLanes {

    static final StoreSettings SETTINGS =
            new StoreSettings(1_000, 25, 100, Duration.ofMillis(3), Duration.ofSeconds(2), Duration.ofSeconds(5));

    private TestLanes() {}

    public static <T> GroupWriter<T> open(String lane, DataSource database, GroupStatement<T> statement) {
        return open(lane, database, statement, SETTINGS);
    }

    /** @param queue most items that wait for a commit */
    static <T> GroupWriter<T> narrow(String lane, DataSource database, GroupStatement<T> statement, int queue) {
        return open(
                lane,
                database,
                statement,
                new StoreSettings(queue, 1, 1, SETTINGS.linger(), SETTINGS.patience(), SETTINGS.statementTimeout()));
    }

    /** @param statementTimeout after which a statement ends, and at least a second after which an idle transaction does */
    static <T> GroupWriter<T> hasty(
            String lane, DataSource database, GroupStatement<T> statement, Duration statementTimeout) {
        return open(
                lane,
                database,
                statement,
                new StoreSettings(1_000, 25, 100, SETTINGS.linger(), SETTINGS.patience(), statementTimeout));
    }

    private static <T> GroupWriter<T> open(
            String lane, DataSource database, GroupStatement<T> statement, StoreSettings settings) {
        return new GroupWriter<>(
                lane,
                new LaneConnection(lane, address(database), settings, null),
                statement,
                settings,
                new SimpleMeterRegistry(),
                List.of());
    }

    static Database address(DataSource database) {
        var postgres = (PGSimpleDataSource) database;
        return new Database(
                postgres.getURL().replaceAll("ApplicationName=[^&]*&", ""), // or it would win over the name of the lane
                Objects.requireNonNull(postgres.getUser()),
                Objects.requireNonNullElse(postgres.getPassword(), ""));
    }

    static Lanes lanes(Database address) {
        return new Lanes(address, SETTINGS, new SimpleMeterRegistry(), List.of());
    }
}
