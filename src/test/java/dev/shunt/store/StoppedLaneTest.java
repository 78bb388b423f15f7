package dev.shunt.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.Delivery;
import dev.shunt.core.Item;
import dev.shunt.core.ItemHandler.Outcome;
import dev.shunt.core.UnavailableException;
import dev.shunt.embedded.TestBackends;
import dev.shunt.workloads.trace.TestTraces;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A lane whose process stands still in the middle of a group, while every other lane needs the row that it holds. */
class StoppedLaneTest {

    private static final String SETTINGS = "select name || '=' || setting from pg_settings where name in"
            + " ('statement_timeout', 'idle_in_transaction_session_timeout', 'tcp_keepalives_idle',"
            + " 'tcp_keepalives_interval', 'tcp_keepalives_count', 'tcp_user_timeout') order by name";

    private final DataSource database = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(database);

    @Test
    void a_lane_that_stops_in_the_middle_of_its_group_holds_nobody_up_and_recovers_by_itself() throws Exception {
        sql.sql("create table total as select 0 as items").update();
        var holdsTheRow = new CountDownLatch(1);
        var thawed = new CountDownLatch(1);
        GroupStatement<String> freezing = (connection, group) -> {
            count(connection);
            holdsTheRow.countDown();
            untilOpen(thawed);
            return stored(group);
        };
        GroupStatement<String> sound = (connection, group) -> {
            count(connection);
            return stored(group);
        };
        Duration timeout = Duration.ofMillis(300);
        try (GroupWriter<String> frozen = TestLanes.hasty("temporal", database, freezing, timeout);
                GroupWriter<String> other = TestLanes.hasty("legacy", database, sound, timeout)) {
            CompletableFuture<Throwable> end =
                    CompletableFuture.supplyAsync(() -> catchThrowable(() -> frozen.write(List.of(work("a")))));
            assertThat(holdsTheRow.await(10, TimeUnit.SECONDS)).isTrue();

            await().atMost(Duration.ofSeconds(10))
                    .ignoreExceptionsInstanceOf(UnavailableException.class) // as a consumer does, which comes again
                    .until(() -> other.write(List.of(work("b"))).getFirst() instanceof Outcome.Stored);
            assertThat(end).as("still frozen").isNotDone();

            thawed.countDown();
            assertThat(end.get(10, TimeUnit.SECONDS)).isInstanceOf(UnavailableException.class);
            assertThat(items()).as("what the frozen lane did not commit").isEqualTo(1);
            assertThat(frozen.write(List.of(work("a")))).singleElement().isInstanceOf(Outcome.Stored.class);
            assertThat(items()).isEqualTo(2);
        }
    }

    @Test
    void whoever_holds_transactions_has_the_server_notice_that_it_is_gone() throws SQLException {
        var lane = new ArrayList<String>();
        GroupStatement<String> asking = (connection, group) -> {
            lane.addAll(settings(connection));
            return stored(group);
        };
        try (GroupWriter<String> writer = TestLanes.hasty("legacy", database, asking, Duration.ofSeconds(7))) {
            writer.write(List.of(work("a")));
        }
        assertThat(lane)
                .containsExactly(
                        "idle_in_transaction_session_timeout=7000",
                        "statement_timeout=7000",
                        "tcp_keepalives_count=3",
                        "tcp_keepalives_idle=5",
                        "tcp_keepalives_interval=2",
                        "tcp_user_timeout=15000");

        try (ReconcilePool reconcile = TestPools.reconcile(database);
                Connection pooled = reconcile.dataSource().getConnection()) {
            assertThat(settings(pooled)).contains("idle_in_transaction_session_timeout=60000", "tcp_keepalives_idle=5");
        }
    }

    private static List<String> settings(Connection connection) throws SQLException {
        List<String> settings = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SETTINGS)) {
            while (rows.next()) {
                settings.add(rows.getString(1));
            }
        }
        return settings;
    }

    private long items() {
        return sql.sql("select items from total").query(Long.class).single();
    }

    private static void count(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("update total set items = items + 1");
        }
    }

    private static void untilOpen(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<Effect> stored(List<Work<String>> group) {
        return group.stream().map(each -> new Effect(true, false, List.of())).toList();
    }

    private static Work<String> work(String id) {
        Item item = TestTraces.item(id, Instant.parse("2026-11-21T12:00:00Z"));
        return new Work<>(
                Delivery.onLegacy(item.workload(), item.stamp(TestTraces.onLegacy(item)), item.message()), id);
    }
}
