package dev.shunt.store;

import dev.shunt.core.StandIn;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The stand-in on a test's own database. */
public final class TestStandIn {

    private TestStandIn() {}

    public static StandIn in(DataSource database) {
        return in(database, StandInStore.GIVING);
    }

    /** @param giving what one batch may take */
    static StandIn in(DataSource database, Duration giving) {
        return new StandInStore(
                JdbcClient.create(database),
                new TransactionTemplate(new JdbcTransactionManager(database)),
                new StandInSettings(1_000),
                giving);
    }
}
