package dev.shunt.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.DeadLetters.DeadLetter;
import dev.shunt.core.Item;
import dev.shunt.core.Route;
import dev.shunt.core.Stamp;
import dev.shunt.embedded.TestBackends;
import dev.shunt.workloads.trace.TestTraces;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class SettledStoreTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private final DataSource database = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(database);
    private final DeadLetterStore deadLetters =
            new DeadLetterStore(sql, new TransactionTemplate(new JdbcTransactionManager(database)), List.of());
    private final SettledStore settled = new SettledStore(sql);
    private final Item item = TestTraces.item("buried", NOW);

    @Test
    void a_dead_letter_is_settled() {
        bury();

        assertThat(isSettled()).isTrue();
    }

    @Test
    void a_dead_letter_that_was_replayed_is_in_flight_until_it_is_stored_or_dies_again() {
        bury();
        sql.sql("update dead_letter set state = 'REPLAYED'").update();

        assertThat(isSettled())
                .as("who believed it would drop the replayed message unseen")
                .isFalse();

        bury();
        assertThat(isSettled()).isTrue();
    }

    @Test
    void a_dead_letter_that_was_discarded_stays_settled() {
        bury();
        sql.sql("update dead_letter set state = 'DISCARDED'").update();

        assertThat(isSettled()).isTrue();
    }

    private boolean isSettled() {
        return settled.settled(item.workload(), List.of(item.key())).contains(item.key());
    }

    private void bury() {
        Stamp stamp = item.stamp(TestTraces.onLegacy(item));
        deadLetters.record(new DeadLetter(
                item.workload(), item.key(), item.message(), stamp, Route.LEGACY, "cannot be stored", 1, NOW));
    }
}
