package dev.shunt.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Workload;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * The private tables of shadow runs: the same migrations in a second schema of the same database, made the first time that
 * they are needed. Its connections are its own, few, and do not wait for the disk: what is lost there in a crash would
 * have been removed anyway.
 */
public final class ShadowSchema implements AutoCloseable {

    public static final String NAME = "shunt_shadow";

    private static final String REMOVE_LEDGER = "delete from ledger where workload = ? and item_key = any(?)";
    private static final String REMOVE_DIVERGENCES = "delete from divergence where workload = ? and item_key = any(?)";
    // It notes which sums are stale once rows are deleted: here nobody sums, and all rows are deleted.
    private static final String NO_NOTES = "drop trigger if exists ledger_deleted on ledger";
    private static final String OLD_LEDGER = "delete from ledger where committed_at < now() - make_interval(secs => ?)";
    private static final String OLD_DIVERGENCES =
            "delete from divergence where last_seen < now() - make_interval(secs => ?)";

    private final Database database;
    private final Lanes lanes;
    private final HikariDataSource pool;

    ShadowSchema(Database database, Lanes lanes, int connections) {
        this.database = database;
        this.lanes = lanes;
        var config = new HikariConfig();
        config.setPoolName("shunt-shadow");
        config.setJdbcUrl(database.url());
        config.setUsername(database.user());
        config.setPassword(database.password());
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(2_000);
        config.setValidationTimeout(1_000);
        config.setInitializationFailTimeout(-1);
        config.setConnectionInitSql(
                Sessions.settings(Duration.ofSeconds(10), Sessions.IDLE) + "; set synchronous_commit = off");
        config.addDataSourceProperty("currentSchema", NAME);
        config.addDataSourceProperty("ApplicationName", "shunt-shadow");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("socketTimeout", "15");
        this.pool = new HikariDataSource(config);
    }

    /** Connections whose unqualified tables are the private ones. */
    public DataSource dataSource() {
        return pool;
    }

    /**
     * A lane into the private tables, of which no {@link dev.shunt.core.CommitListener} is told.
     *
     * @param name shown to the server as {@code shunt-lane-<name>}
     */
    public <T> GroupWriter<T> lane(String name, GroupStatement<T> statement) {
        return lanes.openApart(name, statement, NAME);
    }

    /**
     * Makes the schema and brings it up to date. Several instances may do so at once.
     *
     * @throws dev.shunt.core.UnavailableException if the database is away
     * @throws IllegalStateException if it refuses, for example because the user may not create a schema
     */
    public void migrate() {
        try {
            Flyway.configure()
                    .dataSource(database.url(), database.user(), database.password())
                    .defaultSchema(NAME)
                    .schemas(NAME)
                    .createSchemas(true)
                    .load()
                    .migrate();
        } catch (FlywayException refused) {
            throw PostgresFaults.toThrow("making the schema " + NAME, refused);
        }
        ask("taking the ledger's trigger from " + NAME, connection -> {
            try (Statement drop = connection.createStatement()) {
                drop.execute(NO_NOTES);
            }
        });
    }

    /** Removes what the lanes themselves wrote for these runs: ledger rows and conflicts. */
    public void remove(Workload workload, Collection<ItemKey> runs) {
        Object[] keys = runs.stream().map(ItemKey::value).toArray();
        ask("removing shadow runs", connection -> {
            for (String sql : new String[] {REMOVE_LEDGER, REMOVE_DIVERGENCES}) {
                try (PreparedStatement delete = connection.prepareStatement(sql)) {
                    delete.setString(1, workload.name());
                    delete.setArray(2, connection.createArrayOf("text", keys));
                    delete.executeUpdate();
                }
            }
        });
    }

    /** Removes the same of runs that a crash left behind. */
    public void removeLeftovers(Duration age) {
        ask("removing leftovers of shadow runs", connection -> {
            for (String sql : new String[] {OLD_LEDGER, OLD_DIVERGENCES}) {
                try (PreparedStatement delete = connection.prepareStatement(sql)) {
                    delete.setDouble(1, age.toMillis() / 1_000.0);
                    delete.executeUpdate();
                }
            }
        });
    }

    /** SQL that may fail. */
    private interface Step {
        void run(Connection connection) throws SQLException;
    }

    private void ask(String doing, Step step) {
        try (Connection connection = pool.getConnection()) {
            step.run(connection);
        } catch (SQLException fault) {
            throw PostgresFaults.toThrow(doing, fault);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
