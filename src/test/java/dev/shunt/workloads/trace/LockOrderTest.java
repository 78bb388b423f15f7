package dev.shunt.workloads.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.Delivery;
import dev.shunt.core.Item;
import dev.shunt.core.ItemHandler.Outcome;
import dev.shunt.embedded.TestBackends;
import dev.shunt.store.TestLanes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Two lanes may hold fragments of the same traces at once. */
class LockOrderTest {

    private final DataSource database = TestBackends.migratedDatabase();

    @Test
    void a_group_that_waits_for_a_trace_holds_no_span_that_the_other_lane_is_about_to_write() throws SQLException {
        JdbcClient sql = JdbcClient.create(database);
        sql.sql("insert into project (id) values ('p')").update();
        try (var lane = TestLanes.open("legacy", database, new TraceStatement(false));
                Connection other = database.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("insert into trace (project_id, id, name, occurred_at, item_key)"
                    + " values ('p', 'b', 'n', now(), 'p:b:0000000000000000')");
            CompletableFuture<List<Outcome>> group = CompletableFuture.supplyAsync(() -> new TraceHandler(lane)
                    .handle(Stream.of("a", "b").map(LockOrderTest::delivery).toList()));
            await().until(() -> sql.sql(
                            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
                    .query(Long.class)
                    .single()
                    .equals(1L));

            statement.execute("set local lock_timeout = '2s'");
            statement.execute("""
                    insert into span (project_id, trace_id, id, name, start_time, level, price_state, summarised,
                        item_key, client_digest)
                    values ('p', 'b', 's1', 'n', now(), 'DEFAULT', 'NONE', true, 'p:b:0000000000000000', 1)
                    """);
            other.commit();

            assertThat(group.join()).allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Outcome.Stored.class));
        }
    }

    private static Delivery delivery(String trace) {
        Item item = TestTraces.item(trace, Instant.parse("2026-11-21T12:00:00Z"));
        return Delivery.onLegacy(item.workload(), item.stamp(TestTraces.onLegacy(item)), item.message());
    }
}
