package dev.shunt.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.GroupState;
import dev.shunt.core.Workload;
import dev.shunt.embedded.TestBackends;
import dev.shunt.store.GateReads.Scope;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Divergences are kept for long: what is asked every few seconds reads the few it is about, not all. */
class DivergenceReadsTest {

    private static final Workload TRACE = new Workload("trace");
    private static final int OLD = 20_000;
    private static final int RECENT = 40;
    private static final int FEW = 1_000;

    // one session, which therefore sees what it has just read itself
    private static SingleConnectionDataSource database;
    private static JdbcClient sql;

    private final Instant hourAgo = Instant.now().minus(Duration.ofHours(1));
    private final Instant soon = Instant.now().plusSeconds(60);

    @BeforeAll
    static void fill() throws SQLException {
        DataSource fresh = TestBackends.migratedDatabase();
        database = new SingleConnectionDataSource(fresh.getConnection(), true);
        sql = JdbcClient.create(database);
        fill(OLD, "old", "30 days");
        fill(RECENT, "recent", "1 minute");
        sql.sql("""
                insert into ignore_rule (workload, path, path_like, reason, owner, created_by, expires_at)
                values ('trace', 'metadata', 'metadata', 'r', 'o', 'o', now() + interval '1 day')
                """).update();
        sql.sql("analyze divergence").update();
    }

    @AfterAll
    static void close() {
        database.destroy();
    }

    @Test
    void a_gate_reads_what_was_found_since_the_rollout_began() {
        var reads = new GateReads(database);
        long before = rowsRead();

        assertThat(reads.differingVerified(new Scope(TRACE, hourAgo, false), soon)
                        .others())
                .isEqualTo(RECENT / 2);
        assertThat(new GateDoubts(database).ofNoItem(TRACE, hourAgo, 3).divergences())
                .isZero();

        assertThat(rowsRead() - before).isLessThan(FEW);
    }

    @Test
    void a_report_reads_what_was_seen_in_its_window() {
        var divergences = new Divergences(database);
        long before = rowsRead();

        assertThat(divergences.totals(TRACE, hourAgo, soon)).containsEntry(Kind.VALUE, RECENT / 2L);
        assertThat(divergences.differingItems(TRACE, null, hourAgo, soon)).isEqualTo(RECENT / 2);

        assertThat(rowsRead() - before).isLessThan(FEW);
    }

    @Test
    void a_page_of_the_list_reads_its_page_and_of_a_fixed_group_what_was_seen_since() {
        var groups = new DivergenceGroups(database);
        assertThat(groups.judge(TRACE, Kind.VALUE, "name", GroupState.FIXED, "ann", "done"))
                .isTrue();
        var divergences = new Divergences(database);
        long before = rowsRead();

        assertThat(divergences.list(Divergences.Filter.all(10)))
                .hasSize(10)
                .extracting(Divergences.Recorded::state)
                .contains(GroupState.FIXED);

        assertThat(rowsRead() - before).isLessThan(FEW);
    }

    private static void fill(int rows, String prefix, String age) {
        sql.sql("""
                insert into divergence (workload, kind, item_key, path, path_pattern, expected, actual, route, epoch,
                    first_seen, last_seen, found_by)
                select 'trace', 'VALUE', 'p:' || :prefix || i || ':0123456789abcdef', path, path, 'a', 'b', 'TEMPORAL', 1,
                    now() - :age::interval, now() - :age::interval, 'RECONCILIATION'
                from (select i, case when i % 2 = 0 then 'name' else 'metadata' end as path
                      from generate_series(1, :rows) i) n
                """)
                .param("prefix", prefix)
                .param("age", age)
                .param("rows", rows)
                .update();
    }

    /** Rows of the table that were fetched so far, by whatever plan. */
    private static long rowsRead() {
        sql.sql("select pg_stat_force_next_flush()").query((row, number) -> 0).list();
        return sql.sql("""
                select seq_tup_read + idx_tup_fetch from pg_stat_user_tables
                where relname = 'divergence' and schemaname = 'public'
                """).query(Long.class).single();
    }
}
