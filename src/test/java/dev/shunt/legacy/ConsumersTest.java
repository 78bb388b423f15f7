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
import dev.shunt.core.InFlight.Census;
import dev.shunt.core.Percentage;
import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.core.Stamp;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.WayIn;
import dev.shunt.embedded.RedisServerHandle;
import dev.shunt.embedded.TestBackends;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConsumersTest {

    private final Bench bench = new Bench(TestBackends.freshRedisUrl());

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void messages_are_handled_in_their_order_in_groups_and_nothing_is_left() {
        List<String> ids = IntStream.range(0, 150).mapToObj(i -> "i" + i).toList();
        bench.push(ids.toArray(String[]::new));
        bench.start("one");
        await().untilAsserted(() -> assertThat(bench.handler.ids()).isEqualTo(ids));
        assertThat(bench.handler.groups()).hasSize(3);
        assertNothingInFlight();
        assertThat(bench.count("fetched")).isEqualTo(150);
    }

    @Test
    void an_unstamped_message_is_decided_and_a_stamped_one_keeps_its_decision() {
        bench.inFlight.acceptOnLegacy(item("door"), bench.decision("door"));
        bench.percentage = Percentage.ALL;
        bench.push("tapped");
        bench.start("one");
        await().untilAsserted(() -> {
            assertThat(bench.handler.ids()).containsExactly("door");
            assertThat(bench.offered).extracting(Stamp::key).containsExactly(key("tapped"));
        });
        Stamp door = bench.handler.stampOf(key("door"));
        assertThat(door.decision().percentage()).isEqualTo(Percentage.ZERO);
        assertThat(door.acceptedAt()).isEqualTo(item("door").acceptedAt());
        await().untilAsserted(
                        () -> assertThat(bench.inFlight.census(TINY).registry()).containsExactly(key("tapped")));
    }

    @Test
    void messages_for_temporal_never_hold_up_the_others_of_their_batch() {
        bench.percentage = new Percentage(5_000);
        List<String> ids = IntStream.range(0, 60).mapToObj(i -> "i" + i).toList();
        bench.push(ids.toArray(String[]::new));
        bench.start("one");
        await().untilAsserted(() ->
                assertThat(bench.handler.ids().size() + bench.offered.size()).isEqualTo(60));
        assertThat(bench.handler.stored().values())
                .isNotEmpty()
                .allMatch(delivery -> delivery.stamp().decision().decided() == Route.LEGACY);
        assertThat(bench.offered)
                .isNotEmpty()
                .allMatch(stamp -> stamp.decision().decided() == Route.TEMPORAL);
    }

    @Test
    void a_full_starter_means_legacy_with_its_reason() {
        bench.percentage = Percentage.ALL;
        bench.starting = false;
        bench.push("a");
        bench.start("one");
        assertDiverted("a", Reason.CAPPED);
    }

    @Test
    void a_process_without_a_starter_handles_everything_on_legacy() {
        bench.percentage = Percentage.ALL;
        bench.starting = null;
        bench.push("a");
        bench.start("one");
        assertDiverted("a", Reason.FALLBACK);
    }

    @Test
    void a_fence_that_overtakes_the_tap_means_legacy_with_its_reason() {
        bench.percentage = Percentage.ALL;
        bench.inFlight.raiseFence(TINY, new Epoch(8));
        bench.push("a");
        bench.start("one");
        assertDiverted("a", Reason.FENCED);
        assertThat(bench.offered).isEmpty();
    }

    @Test
    void a_message_stamped_for_temporal_is_handed_to_its_route_again() {
        bench.percentage = Percentage.ALL;
        Stamp stamp = item("a").stamp(bench.decision("a"));
        bench.push(stamp.appendTo(message("a")));
        bench.start("one");
        await().untilAsserted(() -> assertThat(bench.offered).containsExactly(stamp));
        assertThat(Stamp.split(bench.redis().hget(KEYS.registry(), key("a").value()))
                        .message())
                .isEqualTo(message("a"));
    }

    @Test
    void copies_of_an_item_go_into_successive_groups_and_are_stored_once() {
        bench.push("a", "a", "b");
        bench.start("one");
        await().untilAsserted(() -> assertThat(bench.handler.repeated()).hasSize(1));
        assertThat(bench.handler.groups())
                .allSatisfy(group -> assertThat(group).extracting(Delivery::key).doesNotHaveDuplicates());
        assertNothingInFlight();
    }

    @Test
    void a_pending_item_is_acknowledged_and_settled() {
        bench.push("pending-price");
        bench.start("one");
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactly("pending-price"));
        assertNothingInFlight();
    }

    @Test
    void what_cannot_be_decoded_is_a_dead_letter_byte_for_byte() {
        byte[] odd = {'{', (byte) 0xff, 0, '\r', '\n', ' ', '}', ' '};
        bench.push(odd);
        bench.push("null".getBytes(UTF_8));
        bench.push("fine");
        bench.start("one");
        await().untilAsserted(
                        () -> assertThat(bench.redis().llen(KEYS.deadLetters())).isEqualTo(2));
        assertThat(bench.redis().lindex(KEYS.deadLetters(), -1)).isEqualTo(odd);
        assertThat(bench.deadLetters).hasSize(2);
        assertThat(bench.deadLetters.getFirst().raw()).isEqualTo(odd);
        assertThat(bench.deadLetters.getFirst().reason()).isEqualTo("id is missing");
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactly("fine"));
        assertNothingInFlight();
    }

    @Test
    void a_rejected_item_is_a_dead_letter_without_its_stamp_and_its_neighbours_are_stored() {
        bench.inFlight.acceptOnLegacy(item("a"), bench.decision("a"));
        bench.inFlight.acceptOnLegacy(item("reject-me"), bench.decision("reject-me"));
        bench.inFlight.acceptOnLegacy(item("b"), bench.decision("b"));
        bench.start("one");
        await().untilAsserted(() ->
                assertThat(bench.list(KEYS.deadLetters())).containsExactly(new String(message("reject-me"), UTF_8)));
        assertThat(bench.deadLetters.getFirst().stamp())
                .isEqualTo(item("reject-me").stamp(bench.decision("reject-me")));
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactly("a", "b"));
        assertNothingInFlight();
    }

    @Test
    void an_item_that_fails_its_group_is_found_by_halving_and_nobody_else_is_blamed() {
        bench.handler.before(group -> {
            if (group.stream().anyMatch(one -> one.key().subject().equals("poison"))) {
                throw new IllegalStateException("bad luck");
            }
        });
        bench.push("a", "b", "c", "poison", "d", "e");
        bench.start("one");
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactly("a", "b", "c", "d", "e"));
        await().untilAsserted(() -> assertThat(bench.deadLetters)
                .singleElement()
                .satisfies(letter -> assertThat(letter.key()).isEqualTo(key("poison"))));
        assertNothingInFlight();
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
        bench.start("one", stalling(Duration.ofMillis(300)));
        bench.start("two", stalling(Duration.ofMillis(300)));
        await().untilAsserted(() -> assertThat(tries).hasValueGreaterThan(20));
        away.set(false);
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactlyInAnyOrder("a", "b"));
        assertThat(bench.deadLetters).isEmpty();
        assertThat(bench.count("recovered")).as("nobody took them for dead").isZero();
        assertNothingInFlight();
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
        bench.start("one", stalling(Duration.ofMillis(300)));
        await().untilAsserted(() -> assertThat(first).isFalse());
        bench.start("two");
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactly("a"));

        hanging.countDown();
        await().untilAsserted(() -> assertThat(bench.handler.repeated()).hasSize(1));
        bench.push("b");
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactly("a", "b"));
        assertNothingInFlight();
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
        assertNothingInFlight();
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
        assertNothingInFlight();
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
        new Reaper(KEYS, new dev.shunt.core.Instance("x"), new LegacyMetrics(bench.meters, TINY))
                .reap(bench.redis(), java.util.Set::of);
        bench.push("d", "e");
        bench.start("one");
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactly("a", "b", "c", "d", "e"));
        assertThat(bench.handler.groups()).extracting(List::size).containsExactly(1, 1, 1, 2);
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
            new Reaper(KEYS, new dev.shunt.core.Instance("x"), new LegacyMetrics(bench.meters, TINY))
                    .reap(bench.redis(), java.util.Set::of);
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
        ConsumerGroup group = bench.start("one", drainingFor(Duration.ofMillis(100)));
        await().untilAsserted(() -> assertThat(bench.count("fetched")).isEqualTo(1));
        bench.stop(group);
        assertThat(bench.redis().exists(KEYS.heartbeat("one"))).isZero();
        assertThat(bench.inFlight.census(TINY).processing()).isEqualTo(1);
        bench.handler.before(any -> {});
        bench.start("two");
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactly("a"));
    }

    @Test
    void paused_consumers_take_nothing_until_they_are_resumed() {
        bench.paused.pause(TINY);
        bench.push("a");
        bench.start("one");
        await().during(Duration.ofMillis(400))
                .untilAsserted(() -> assertThat(bench.list(KEYS.queue())).hasSize(1));
        bench.paused.resume(TINY);
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactly("a"));
    }

    @Test
    void several_loops_lose_and_repeat_nothing() {
        List<String> ids = IntStream.range(0, 500).mapToObj(i -> "i" + i).toList();
        bench.start("one", Bench.settings(3, 10, LegacySettings.Pop.BLMOVE));
        bench.start("two", Bench.settings(3, 10, LegacySettings.Pop.BLMOVE));
        bench.push(ids.toArray(String[]::new));
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactlyInAnyOrderElementsOf(ids));
        assertThat(bench.handler.repeated()).isEmpty();
        assertNothingInFlight();
    }

    @Test
    void brpop_takes_one_by_one_and_everything_on_legacy() {
        bench.percentage = Percentage.ALL;
        bench.push("a", "reject-me", "b");
        bench.push("null".getBytes(UTF_8));
        bench.start("one", Bench.settings(1, 64, LegacySettings.Pop.BRPOP));
        await().untilAsserted(
                        () -> assertThat(bench.redis().llen(KEYS.deadLetters())).isEqualTo(2));
        assertThat(bench.handler.ids()).containsExactly("a", "b");
        assertThat(bench.handler.groups()).allMatch(group -> group.size() == 1);
        assertThat(bench.handler.stampOf(key("a")).decision().reason()).isEqualTo(Reason.HELD);
        assertThat(bench.redis().exists(KEYS.consumers())).isZero();
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

    private void assertDiverted(String id, Reason reason) {
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactly(id));
        Stamp stamp = bench.handler.stampOf(key(id));
        assertThat(stamp.decision().decided()).isEqualTo(Route.TEMPORAL);
        assertThat(stamp.decision().executed()).isEqualTo(Route.LEGACY);
        assertThat(stamp.decision().reason()).isEqualTo(reason);
        assertNothingInFlight();
    }

    private void assertNothingInFlight() {
        await().untilAsserted(() -> {
            Census census = bench.inFlight.census(TINY);
            assertThat(census.book()).isEmpty();
            assertThat(census.registry()).isEmpty();
            assertThat(census.waiting() + census.processing()).isZero();
        });
    }

    private static LegacySettings stalling(Duration stall) {
        return with(stall, Duration.ofSeconds(2));
    }

    private static LegacySettings drainingFor(Duration drain) {
        return with(Duration.ofSeconds(5), drain);
    }

    private static LegacySettings with(Duration stall, Duration drain) {
        return new LegacySettings(
                1,
                64,
                LegacySettings.Pop.BLMOVE,
                Duration.ofMillis(100),
                Duration.ofSeconds(10),
                Bench.LEASE,
                Duration.ofMillis(150),
                stall,
                drain,
                Duration.ofMillis(10),
                Duration.ofMillis(100));
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
