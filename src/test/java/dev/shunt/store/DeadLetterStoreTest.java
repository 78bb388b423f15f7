package dev.shunt.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.DeadLetters.DeadLetter;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Route;
import dev.shunt.core.Stamp;
import dev.shunt.embedded.TestBackends;
import dev.shunt.workloads.trace.TestTraces;
import java.time.Instant;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class DeadLetterStoreTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private final DataSource database = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(database);
    private final DeadLetterStore deadLetters =
            new DeadLetterStore(sql, new TransactionTemplate(new JdbcTransactionManager(database)));

    @ParameterizedTest
    @ValueSource(strings = {"p:nul\0nul:0123456789abcdef", "tooLong"})
    void a_stamp_that_postgres_cannot_hold_does_not_keep_its_message_out_of_the_table(String text) {
        ItemKey key = new ItemKey(text.equals("tooLong") ? "p:" + incompressible() + ":0123456789abcdef" : text);
        Item item = TestTraces.item("forged", NOW);
        Stamp good = item.stamp(TestTraces.onLegacy(item));
        Stamp forged = new Stamp(key, good.decision(), good.wayIn(), NOW, good.evidence());

        deadLetters.record(
                new DeadLetter(item.workload(), key, item.message(), forged, Route.LEGACY, "cannot be stored", 1, NOW));

        assertThat(sql.sql("select reason from dead_letter where raw = ? and item_key is null")
                        .param(item.message())
                        .query(String.class)
                        .single())
                .startsWith("cannot be stored");
    }

    private static String incompressible() {
        return new java.util.SplittableRandom(7)
                .ints(9_000, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
