package dev.shunt.legacy;

import static dev.shunt.legacy.TinyWorkload.KEYS;
import static dev.shunt.legacy.TinyWorkload.TINY;
import static dev.shunt.legacy.TinyWorkload.item;
import static dev.shunt.legacy.TinyWorkload.key;
import static dev.shunt.legacy.TinyWorkload.message;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.Delivery;
import dev.shunt.core.Epoch;
import dev.shunt.core.Instance;
import dev.shunt.core.Percentage;
import dev.shunt.core.Stamp;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.WayIn;
import dev.shunt.embedded.RedisServerHandle;
import dev.shunt.embedded.TestBackends;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Consumers that die, hang or stop, and backends that go away. */
class RecoveryTest {

    private final Bench bench = new Bench(TestBackends.freshRedisUrl());

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void a_store_that_is_away_costs_no_message_and_keeps_the_heartbeat() {
        AtomicBoolean away = new AtomicBoolean(true);
        AtomicInteger tries = new AtomicInteger();
        bench.handler.before(group -> {
            if (away.get()) {
                tries.incrementAndGet();
                throw new UnavailableException("store is away", Duration.ofMillis(10), null);
            }
        });
        bench.push("a", "b");
        var settings = Bench.stalling(Duration.ofMillis(300), Duration.ofSeconds(2), Bench.LONG_LEASE);
        bench.start("one", settings);
        bench.start("two", settings);
        // long enough to be taken for dead: a stall, a lease and a heartbeat
        await().pollDelay(Bench.LONG_LEASE.plusMillis(1_000))
                .untilAsserted(() -> assertThat(tries).hasValueGreaterThan(20));
        away.set(false);
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactlyInAnyOrder("a", "b"));
        assertThat(bench.deadLetters).isEmpty();
        assertThat(bench.count("recovered")).as("nobody took them for dead").isZero();
        bench.assertNothingInFlight();
    }

    @Test
    void a_loop_that_hangs_silences_the_heartbeat_and_another_instance_takes_over() {
        CountDownLatch hanging = new CountDownLatch(1);
        AtomicBoolean first = new AtomicBoolean(true);
        bench.push("a");
        bench.handler.before(group -> {
            if (first.getAndSet(false)) {
                waitFor(hanging);
            }
        });
        bench.start("one", Bench.stalling(Duration.ofMillis(300), Duration.ofSeconds(2)));
        await().untilAsserted(() -> assertThat(first).isFalse());
        bench.start("two");
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactly("a"));

        hanging.countDown();
        await().untilAsserted(() -> assertThat(bench.handler.repeated()).hasSize(1));
        bench.push("b");
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactly("a", "b"));
        bench.assertNothingInFlight();
    }

    @Test
    void a_redelivered_message_keeps_the_decision_and_the_acceptance_that_the_book_has() {
        bench.push("a");
        ProcessingList dead = bench.list("dead", 0, 1);
        dead.fetch(1, Duration.ofMillis(50));
        Instant accepted = Instant.parse("2026-11-21T09:00:00.000007Z");
        Stamp stamp = item(message("a"), accepted, WayIn.TAP).stamp(bench.decision("a"));
        dead.book(List.of(new Taken.ForLegacy(message("a"), Delivery.onLegacy(TINY, stamp, message("a")), false)));
        bench.percentage = Percentage.ALL;
        bench.epoch = new Epoch(9);

        bench.start("one");
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactly("a"));
        assertThat(bench.handler.stampOf(key("a"))).isEqualTo(stamp);
        assertThat(bench.offered).isEmpty();
        bench.assertNothingInFlight();
    }

    @Test
    void a_redelivered_message_that_is_done_is_only_acknowledged() {
        bench.push("a");
        bench.list("dead", 0, 1).fetch(1, Duration.ofMillis(50));
        bench.settled.add(key("a"));
        bench.percentage = Percentage.ALL;
        bench.start("one");
        await().untilAsserted(() -> assertThat(bench.count("acknowledged")).isEqualTo(1));
        assertThat(bench.handler.groups()).isEmpty();
        assertThat(bench.offered).isEmpty();
        bench.assertNothingInFlight();
    }

    @Test
    void a_redelivered_message_that_no_book_knows_is_accepted_although_its_bytes_died_before() {
        bench.push("a");
        bench.list("dead", 0, 1).fetch(1, Duration.ofMillis(50));
        bench.diedBefore.add(key("a"));
        bench.start("one");
        await().untilAsserted(() -> assertThat(bench.count("acknowledged")).isEqualTo(1));
        assertThat(bench.handler.ids()).containsExactly("a");
        bench.assertNothingInFlight();
    }

    @Test
    void a_redelivered_message_waits_for_the_ledger_and_is_blamed_for_nothing_meanwhile() {
        bench.push("a");
        bench.list("dead", 0, 1).fetch(1, Duration.ofMillis(50));
        bench.ledgerAway = true;
        ConsumerGroup group = bench.start("one");
        await().untilAsserted(() -> assertThat(bench.count("recovered")).isEqualTo(1));
        bench.stop(group);
        assertThat(bench.redis().hlen(KEYS.deaths())).isZero();
        bench.ledgerAway = false;
        bench.start("two");
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactly("a"));
        await().untilAsserted(() ->
                assertThat(bench.redis().exists(KEYS.deaths(), KEYS.suspects())).isZero());
    }

    @Test
    void recovered_messages_are_handled_one_at_a_time_in_order_before_the_queue() {
        bench.push("a", "b", "c");
        bench.list("dead", 0, 1).fetch(3, Duration.ofMillis(50));
        bench.redis().del(KEYS.heartbeat("dead"));
        new Reaper(KEYS, new Instance("x"), new LegacyMetrics(bench.meters, TINY)).reap(bench.redis(), Set::of);
        bench.push("d", "e");
        bench.start("one");
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactly("a", "b", "c", "d", "e"));
        assertThat(bench.handler.groups()).extracting(List::size).containsExactly(1, 1, 1, 2);
        assertThat(bench.handler.groups().stream()
                        .flatMap(List::stream)
                        .map(each -> each.effort().attempts()))
                .as("the dead one's try counts")
                .containsExactly(2, 2, 2, 1, 1);
    }

    @Test
    void a_message_that_was_alone_in_hand_at_three_deaths_is_a_dead_letter_and_its_key_is_settled() {
        bench.push("killer");
        for (String instance : List.of("i1", "i2", "i3")) {
            ProcessingList list = bench.list(instance, 0, 1);
            byte[] raw = list.fetch(1, Duration.ofMillis(50)).stream()
                    .findFirst()
                    .or(list::fetchRecovered)
                    .orElseThrow();
            list.book(List.of(new Taken.ForLegacy(
                    raw, Delivery.onLegacy(TINY, item("killer").stamp(bench.decision("killer")), raw), false)));
            var suspect = new Suspect(raw);
            suspect.identified(key("killer"));
            list.suspect(suspect);
            bench.redis().del(KEYS.heartbeat(instance));
            new Reaper(KEYS, new Instance("x"), new LegacyMetrics(bench.meters, TINY)).reap(bench.redis(), Set::of);
        }
        bench.start("one");
        await().untilAsserted(() -> assertThat(bench.deadLetters)
                .singleElement()
                .satisfies(letter -> {
                    assertThat(letter.reason()).startsWith("KILLS_CONSUMER");
                    assertThat(letter.attempts()).isEqualTo(3);
                    assertThat(letter.key()).isEqualTo(key("killer"));
                }));
        await().untilAsserted(() ->
                assertThat(bench.redis().exists(KEYS.deaths(), KEYS.book())).isZero());
        assertThat(bench.handler.groups()).isEmpty();
        assertThat(bench.list(KEYS.deadLetters())).containsExactly(new String(message("killer"), UTF_8));
    }

    @Test
    void a_stop_finishes_the_batch_in_hand_and_leaves_no_name_behind() {
        CountDownLatch inHand = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        bench.handler.before(group -> {
            inHand.countDown();
            waitFor(goOn);
        });
        bench.push("a");
        ConsumerGroup group = bench.start("one");
        waitFor(inHand);
        Thread stopping = Thread.ofPlatform().start(() -> bench.stop(group));
        // has asked for the stop, and waits for the batch
        await().until(() ->
                EnumSet.of(Thread.State.WAITING, Thread.State.TIMED_WAITING).contains(stopping.getState()));
        bench.push("b");
        goOn.countDown();
        await().until(() -> !stopping.isAlive());
        assertThat(bench.handler.ids()).containsExactly("a");
        assertThat(bench.list(KEYS.queue())).hasSize(1);
        assertThat(bench.redis().exists(KEYS.consumers(), KEYS.heartbeat("one")))
                .isZero();
    }

    @Test
    void a_stop_that_cannot_finish_hands_its_messages_over_at_once() {
        bench.handler.before(group -> {
            throw new UnavailableException("store is away", Duration.ofMillis(10), null);
        });
        bench.push("a");
        ConsumerGroup group = bench.start("one", Bench.stalling(Duration.ofSeconds(5), Duration.ofMillis(100)));
        await().untilAsserted(() -> assertThat(bench.count("fetched")).isEqualTo(1));
        bench.stop(group);
        assertThat(bench.redis().exists(KEYS.heartbeat("one"))).isZero();
        assertThat(bench.inFlight.census(TINY).processing()).isEqualTo(1);
        bench.handler.before(any -> {});
        bench.start("two");
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactly("a"));
    }

    @Test
    void the_consumers_start_without_redis_and_go_on_after_it_is_killed() {
        try (RedisServerHandle server = TestBackends.dedicatedRedis();
                var own = new Bench(server.url())) {
            server.kill9();
            own.start("one");
            server.start();
            try (var filling = new Bench(server.url())) {
                filling.push("a", "b");
                await().untilAsserted(() -> assertThat(own.handler.ids()).containsExactly("a", "b"));
                server.kill9();
            }
            server.start();
            try (var filling = new Bench(server.url())) {
                filling.push("c");
                await().untilAsserted(() -> assertThat(own.handler.ids()).containsExactly("a", "b", "c"));
            }
        }
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
