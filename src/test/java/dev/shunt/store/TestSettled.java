package dev.shunt.store;

import dev.shunt.core.SettledItems;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The settled items of a test's own database. */
public final class TestSettled {

    private TestSettled() {}

    public static SettledItems in(DataSource database) {
        return new SettledStore(JdbcClient.create(database), new RetentionSettings(Duration.ofDays(30)));
    }
}
