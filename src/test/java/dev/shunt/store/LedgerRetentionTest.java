package dev.shunt.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.shunt.core.Workload;
import dev.shunt.embedded.TestBackends;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the ledger forgets, and what it never does. */
class LedgerRetentionTest {

    private static final LocalDate TODAY = LocalDate.parse("2026-11-22");
    private static final Workload TRACE = new Workload("trace");

    private final DataSource database = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(database);
    private final LedgerRetention retention = retentionOn("2026-11-22T12:00:00Z");

    @Test
    void days_beyond_the_retention_go_with_their_partition_unless_something_is_unfinished() {
        day(31, "done", "DONE");
        day(32, "open", "OPEN");
        row(32, "finished", "DONE");
        day(33, "dead", "DEAD");
        row(90, "default", "DONE"); // no partition was made for that day
        row(91, "pending", "PENDING");
        day(30, "young", "DONE");

        retention.forget();

        assertThat(items()).containsExactlyInAnyOrder("open", "pending", "young");
        assertThat(partitions()).containsExactly("ledger_20261021", "ledger_20261023");
    }

    @Test
    void of_whose_route_people_decided_is_known_to_gates_after_the_ledger_has_forgotten_it() {
        day(31, "pinned", "DONE");
        row(31, "routed", "DONE");
        sql.sql("update ledger set reason = 'PINNED' where item_key = 'pinned'").update();
        for (String item : List.of("pinned", "routed")) {
            sql.sql("""
                    insert into divergence (workload, kind, path, path_pattern, item_key, route, found_by)
                    values ('trace', 'VALUE', 'name', 'name', ?, 'TEMPORAL', 'RECONCILIATION')
                    """).param(item).update();
        }

        retention.forget();

        assertThat(items()).isEmpty();
        var scope = new GateReads.Scope(TRACE, Instant.EPOCH, false);
        assertThat(new GateReads(database).differingVerified(scope, Instant.EPOCH))
                .isEqualTo(new GateReads.Differing(0, 1));
    }

    @Test
    void what_was_stored_lately_stays_however_long_ago_it_was_accepted() {
        row(40, "replayed", "DONE"); // a dead letter of long ago: no partition was made for that day
        row(40, "forgotten", "DONE");
        day(35, "old", "DONE");
        row(35, "drained", "DONE"); // after a pause of weeks
        changed("replayed", "2026-11-22T11:00:00Z");
        changed("drained", "2026-11-08T11:00:00Z");

        retention.forget();

        assertThat(items()).containsExactlyInAnyOrder("replayed", "drained");
        assertThat(partitions()).containsExactly("ledger_20261018");
        retentionOn("2026-12-09T12:00:00Z").forget();
        assertThat(items()).containsExactly("replayed");
        assertThat(partitions()).isEmpty();
        retentionOn("2026-12-24T12:00:00Z").forget();
        assertThat(items()).isEmpty();
    }

    @Test
    void what_was_stored_soon_after_midnight_does_not_keep_its_day_and_a_day_that_can_go_tomorrow_waits_for_it() {
        day(31, "soon", "DONE");
        day(32, "early", "DONE");
        changed("soon", "2026-10-23T00:30:00Z");
        changed("early", "2026-10-22T13:00:00Z");
        retention.forget();
        assertThat(partitions()).isEmpty();

        day(31, "early", "DONE");
        row(31, "later", "DONE");
        changed("later", "2026-10-23T02:00:00Z");
        retention.forget();
        assertThat(items()).as("none of them row by row").containsExactlyInAnyOrder("early", "later");
        retentionOn("2026-11-23T00:00:00Z").forget();
        assertThat(partitions()).isEmpty();
        assertThat(items()).isEmpty();
    }

    @Test
    void sums_follow_what_was_forgotten() {
        var none = new CohortMinute.Packing() {
            @Override
            public byte[] pack(long[] micros) {
                return new byte[0];
            }

            @Override
            public byte[] sum(List<byte[]> packed) {
                return new byte[0];
            }
        };
        day(31, "done", "DONE");
        day(32, "open", "OPEN");
        row(32, "finished", "DONE");
        var sums = new CohortSums(database, none);
        updateAll(sums);
        assertThat(accepted()).isEqualTo(3);

        retention.forget();
        updateAll(sums);

        assertThat(accepted()).isEqualTo(1);
        assertThat(sql.sql("select count(*) from cohort_stale")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void a_partition_in_use_stays_for_the_next_look() throws SQLException {
        day(31, "done", "DONE");
        try (Connection reader = database.getConnection()) {
            reader.setAutoCommit(false);
            reader.createStatement().execute("select count(*) from ledger");
            retention.forget();
            assertThat(partitions()).containsExactly("ledger_20261022");
            reader.rollback();
        }
        retention.forget();
        assertThat(partitions()).isEmpty();
    }

    @Test
    void a_retention_out_of_bounds_is_refused_by_name() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetentionSettings(Duration.ofHours(5)))
                .withMessageContaining("shunt.store.retention must be 1d..3650d");
    }

    private LedgerRetention retentionOn(String now) {
        return new LedgerRetention(
                database, new RetentionSettings(Duration.ofDays(30)), Clock.fixed(Instant.parse(now), ZoneOffset.UTC));
    }

    private void changed(String item, String at) {
        sql.sql("update ledger set changed_at = ?::timestamptz, done_at = ?::timestamptz where item_key = ?")
                .params(at, at, item)
                .update();
    }

    private void day(int daysAgo, String item, String state) {
        LocalDate day = TODAY.minusDays(daysAgo);
        sql.sql("create table ledger_" + day.toString().replace("-", "") + " partition of ledger for values from ('"
                        + day + "') to ('" + day.plusDays(1) + "')")
                .update();
        row(daysAgo, item, state);
    }

    private void row(int daysAgo, String item, String state) {
        LocalDate day = TODAY.minusDays(daysAgo);
        sql.sql("""
                insert into ledger (accepted_on, workload, item_key, project_id, subject, state, way_in, decided_route,
                    executed_route, reason, bucket, basis_points, epoch, accepted_at, committed_at,
                    changed_at)
                values (:day, 'trace', :item, 'p', 't', :state, 'HTTP', 'LEGACY', 'LEGACY', 'FLAG', 1, 0, 1, :at, :at, :at)
                """)
                .param("day", day)
                .param("item", item)
                .param("state", state)
                .param("at", day.atTime(10, 0).atOffset(ZoneOffset.UTC))
                .update();
    }

    private static void updateAll(CohortSums sums) {
        CohortSums.Pass pass;
        do {
            pass = sums.update(TRACE);
        } while (pass == CohortSums.Pass.MORE);
    }

    private long accepted() {
        return sql.sql("select coalesce(sum(accepted), 0) from cohort_minute")
                .query(Long.class)
                .single();
    }

    private List<String> items() {
        return sql.sql("select item_key from ledger").query(String.class).list();
    }

    private List<String> partitions() {
        return sql.sql("select relname from pg_class where relkind = 'r' and relname ~ '^ledger_[0-9]{8}$' order by 1")
                .query(String.class)
                .list();
    }
}
