package dev.shunt.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.Delivery;
import dev.shunt.core.Item;
import dev.shunt.core.ItemHandler.Outcome;
import dev.shunt.core.UnavailableException;
import dev.shunt.embedded.TestBackends;
import dev.shunt.workloads.trace.TestTraces;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class GroupWriterTest {

    private static final Duration WAIT = Duration.ofSeconds(10);

    private final Work<String> work = work("t");

    @Test
    void an_error_in_one_group_reaches_its_callers_and_does_not_end_the_lane() {
        var broken = new AtomicBoolean(true);
        GroupStatement<String> statement = (connection, group) -> {
            if (broken.getAndSet(false)) {
                throw new StackOverflowError("as deep content would cause");
            }
            return List.of(new Effect(true, false, List.of()));
        };
        try (GroupWriter<String> lane = TestLanes.open("temporal", TestBackends.migratedDatabase(), statement)) {
            assertThatThrownBy(() -> lane.submit(work, WAIT)).hasStackTraceContaining("as deep content would cause");

            assertThat(lane.submit(work, WAIT)).isInstanceOf(Outcome.Stored.class);
        }
    }

    @Test
    void a_fault_of_one_item_is_not_its_groups() throws InterruptedException {
        var poison = work("poison");
        var first = new CountDownLatch(1);
        var all = new CountDownLatch(1);
        GroupStatement<String> statement = (connection, group) -> {
            first.countDown();
            thawed(all);
            if (group.contains(poison)) {
                throw new IllegalStateException("a fault of ours");
            }
            return group.stream()
                    .map(each -> new Effect(true, false, List.of()))
                    .toList();
        };
        try (GroupWriter<String> lane = TestLanes.open("temporal", TestBackends.migratedDatabase(), statement);
                var callers = Executors.newCachedThreadPool()) {
            var unused = callers.submit(() -> lane.submit(work, WAIT));
            first.await();
            var innocents = Stream.of("a", "b", "c")
                    .map(id -> callers.submit(() -> lane.submit(work(id), WAIT)))
                    .toList();
            var guilty = callers.submit(() -> lane.submit(poison, WAIT));
            all.countDown(); // they share the next group

            assertThat(innocents).allSatisfy(each -> assertThat(each.get()).isInstanceOf(Outcome.Stored.class));
            assertThatThrownBy(guilty::get).hasRootCauseMessage("a fault of ours");
        }
    }

    private static Work<String> work(String id) {
        Item item = TestTraces.item(id, Instant.parse("2026-11-21T12:00:00Z"));
        return new Work<>(
                Delivery.onLegacy(item.workload(), item.stamp(TestTraces.onLegacy(item)), item.message()), id);
    }

    @Test
    void who_waits_behind_a_frozen_database_is_told_so_instead_of_looking_dead() throws InterruptedException {
        var frozen = new CountDownLatch(1);
        var busy = new CountDownLatch(1);
        GroupStatement<String> statement = (connection, group) -> {
            busy.countDown();
            thawed(frozen);
            return List.of(new Effect(true, false, List.of()));
        };
        try (GroupWriter<String> lane = TestLanes.open("legacy", TestBackends.migratedDatabase(), statement)) {
            Thread first = Thread.ofPlatform().start(() -> lane.write(List.of(work)));
            busy.await();
            assertThatThrownBy(() -> lane.write(List.of(work))).isInstanceOf(UnavailableException.class);
            assertThat(frozen.getCount())
                    .as("told before the database answered")
                    .isOne();

            frozen.countDown();
            first.join();
        }
    }

    @Test
    void groups_that_met_in_a_deadlock_are_written_again_at_once() {
        var tries = new AtomicInteger();
        GroupStatement<String> statement = (connection, group) -> {
            if (tries.incrementAndGet() <= 2) {
                try (var met = connection.createStatement()) {
                    met.execute("do $$ begin raise exception 'met another' using errcode = '40P01'; end $$");
                }
            }
            return List.of(new Effect(true, false, List.of()));
        };
        try (GroupWriter<String> lane = TestLanes.open("legacy", TestBackends.migratedDatabase(), statement)) {
            assertThat(lane.write(List.of(work))).singleElement().isInstanceOf(Outcome.Stored.class);
        }
        assertThat(tries).hasValue(3);
    }

    @Test
    void effects_without_their_ledger_row_are_undone() {
        DataSource database = TestBackends.migratedDatabase();
        JdbcClient sql = JdbcClient.create(database);
        sql.sql("create table effect (n integer)").update();
        sql.sql("""
                create function refuse() returns trigger language plpgsql as
                $$ begin raise exception 'cut off' using errcode = '57P01'; end $$
                """).update();
        sql.sql("create trigger refuse before insert on ledger for each row execute function refuse()")
                .update();
        GroupStatement<String> statement = (connection, group) -> {
            try (var insert = connection.createStatement()) {
                insert.execute("insert into effect values (1)");
            }
            return List.of(new Effect(true, false, List.of()));
        };
        try (GroupWriter<String> lane = TestLanes.open("legacy", database, statement)) {
            assertThatThrownBy(() -> lane.write(List.of(work))).isInstanceOf(UnavailableException.class);

            assertThat(sql.sql("select count(*) from effect").query(Long.class).single())
                    .isZero();
        }
    }

    @Test
    void a_full_queue_is_told_at_once_and_nobody_writes_for_a_caller_that_has_given_up() throws Exception {
        var frozen = new CountDownLatch(1);
        var busy = new CountDownLatch(1);
        var written = new AtomicInteger();
        GroupStatement<String> statement = (connection, group) -> {
            written.incrementAndGet();
            busy.countDown();
            thawed(frozen);
            return List.of(new Effect(true, false, List.of()));
        };
        try (GroupWriter<String> lane = TestLanes.narrow("temporal", TestBackends.migratedDatabase(), statement, 1)) {
            Thread.startVirtualThread(() -> lane.submit(work, WAIT));
            busy.await();
            var waiting = new CompletableFuture<Throwable>();
            Thread.startVirtualThread(() -> waiting.complete(catchThrowable(() -> lane.submit(work, WAIT))));
            // the queue has one place, which is taken now or in a moment
            await().untilAsserted(() -> assertThatThrownBy(() -> lane.submit(work, Duration.ofMillis(10)))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("is full"));

            // as long as the item may wait, and shorter than its caller does
            await().pollDelay(Duration.ofMillis(2_100)).until(() -> true);
            frozen.countDown();

            assertThat(waiting.get(10, TimeUnit.SECONDS)).hasMessageContaining("waited too long");
            assertThat(written).hasValue(1);
        }
    }

    private static void thawed(CountDownLatch frozen) {
        try {
            assertThat(frozen.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
