package dev.shunt.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.core.Delivery;
import dev.shunt.core.Item;
import dev.shunt.core.ItemHandler.Outcome;
import dev.shunt.core.UnavailableException;
import dev.shunt.embedded.TestBackends;
import dev.shunt.workloads.trace.TestTraces;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GroupWriterTest {

    private static final Duration WAIT = Duration.ofSeconds(4);

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

    private static void thawed(CountDownLatch frozen) {
        try {
            assertThat(frozen.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
