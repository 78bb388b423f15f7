package dev.shunt.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.embedded.TestBackends;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The days that the ledger is ready for. */
class LedgerPartitionsTest {

    private static final LocalDate TODAY = LocalDate.parse("2026-11-22");

    private final DataSource database = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(database);
    private final LedgerPartitions partitions = new LedgerPartitions(
            sql,
            new TransactionTemplate(new JdbcTransactionManager(database)),
            Clock.fixed(Instant.parse("2026-11-22T23:59:00Z"), ZoneOffset.UTC));

    @Test
    void yesterday_today_and_three_days_ahead_have_a_partition_however_often_it_looks() {
        partitions.prepare();
        partitions.prepare();

        assertThat(made())
                .containsExactly(
                        "ledger_20261121", "ledger_20261122", "ledger_20261123", "ledger_20261124", "ledger_20261125");
        insert();
        assertThat(sql.sql("select count(*) from ledger_20261122")
                        .query(Long.class)
                        .single())
                .isOne();
    }

    @Test
    void a_day_that_already_has_rows_in_the_default_partition_keeps_no_other_from_getting_its_own() {
        insert();

        partitions.prepare();

        assertThat(made()).containsExactly("ledger_20261121", "ledger_20261123", "ledger_20261124", "ledger_20261125");
    }

    /** Such as a dump of the database. */
    @Test
    void while_somebody_reads_the_ledger_for_long_nobody_waits_and_the_partitions_come_at_the_next_look()
            throws SQLException {
        try (Connection reader = database.getConnection()) {
            reader.setAutoCommit(false);
            reader.createStatement().execute("select count(*) from ledger");
            try {
                var look = CompletableFuture.runAsync(partitions::prepare);
                assertThat(look).succeedsWithin(Duration.ofSeconds(5));
                insert();
            } finally {
                reader.rollback();
            }
        }
        assertThat(made()).isEmpty();
        sql.sql("delete from ledger").update();

        partitions.prepare();

        assertThat(made()).hasSize(5);
    }

    private void insert() {
        sql.sql("""
                insert into ledger (accepted_on, workload, item_key, project_id, subject, state, way_in, decided_route,
                    executed_route, reason, bucket, basis_points, epoch, accepted_at, committed_at)
                values (:day, 'trace', 'item', 'p', 't', 'DONE', 'HTTP', 'LEGACY', 'LEGACY', 'FLAG', 1, 0, 1, :at, :at)
                """)
                .param("day", TODAY)
                .param("at", TODAY.atTime(10, 0).atOffset(ZoneOffset.UTC))
                .update();
    }

    private List<String> made() {
        return sql.sql("select relname from pg_class where relkind = 'r' and relname ~ '^ledger_[0-9]{8}$' order by 1")
                .query(String.class)
                .list();
    }
}
