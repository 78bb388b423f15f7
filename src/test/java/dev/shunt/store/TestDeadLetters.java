package dev.shunt.store;

import dev.shunt.core.DeadLetterArchive;
import dev.shunt.core.DeadLetters;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The dead letters of a test's own database. */
public final class TestDeadLetters {

    private TestDeadLetters() {}

    public static DeadLetters table(DataSource database) {
        return new DeadLetterStore(JdbcClient.create(database), transaction(database), List.of());
    }

    public static DeadLetterArchive archive(DataSource database) {
        return new ArchiveStore(JdbcClient.create(database), transaction(database));
    }

    private static TransactionTemplate transaction(DataSource database) {
        return new TransactionTemplate(new JdbcTransactionManager(database));
    }
}
