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
import dev.shunt.core.Percentage;
import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.core.Stamp;
import dev.shunt.embedded.TestBackends;
import java.time.Duration;
import java.util.List;
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
        bench.assertNothingInFlight();
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
        bench.assertNothingInFlight();
    }

    @Test
    void a_pending_item_is_acknowledged_and_settled() {
        bench.push("pending-price");
        bench.start("one");
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactly("pending-price"));
        bench.assertNothingInFlight();
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
        bench.assertNothingInFlight();
    }

    @Test
    void a_message_that_breaks_the_codec_is_a_dead_letter_and_holds_nobody_up() {
        bench.push("a");
        bench.push(Bench.UNREADABLE);
        bench.push("b");
        bench.start("one");
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactly("a", "b"));
        bench.assertNothingInFlight();
        assertThat(bench.deadLetters)
                .singleElement()
                .satisfies(letter -> assertThat(letter.reason()).contains("a codec with a fault"));
    }

    @Test
    void a_dead_letter_is_in_its_table_before_its_message_leaves_the_list() {
        var asked = new AtomicInteger();
        bench.tableAway = asked;
        bench.push("null".getBytes(UTF_8));
        bench.start("one");
        await().untilAsserted(() -> assertThat(asked).hasPositiveValue());

        assertThat(bench.inFlight.census(TINY).processing()).isEqualTo(1);
        assertThat(bench.redis().llen(KEYS.deadLetters())).isZero();

        bench.tableAway = null;
        bench.assertNothingInFlight();
        assertThat(bench.deadLetters).hasSize(1);
        assertThat(bench.list(KEYS.deadLetters())).containsExactly("null");
    }

    @Test
    void a_message_whose_item_the_book_has_on_legacy_stays_there_with_that_decision() {
        Stamp before = item("a").stamp(bench.decision("a"));
        bench.redis()
                .hset(KEYS.book(), key("a").value(), BookEntry.of(before).text().getBytes(UTF_8));
        bench.percentage = Percentage.ALL;
        bench.epoch = new Epoch(9);
        bench.push("a");
        bench.start("one");
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactly("a"));
        assertThat(bench.handler.stampOf(key("a")).decision()).isEqualTo(before.decision());
        assertThat(bench.offered).isEmpty();
        bench.assertNothingInFlight();
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
        bench.assertNothingInFlight();
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
        bench.assertNothingInFlight();
    }

    @Test
    void a_consumer_survives_an_error_and_handles_its_batch_again() {
        var full = new AtomicBoolean(true);
        bench.handler.before(group -> {
            if (full.getAndSet(false)) {
                throw new OutOfMemoryError("as a batch of large messages would cause");
            }
        });
        bench.push("a", "b");
        bench.start("one");

        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactly("a", "b"));
        await().untilAsserted(bench::assertNothingInFlight);
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
        LegacySettings settings = Bench.settings(3, 10, LegacySettings.Pop.BLMOVE, Bench.LONG_LEASE);
        bench.start("one", settings);
        bench.start("two", settings);
        bench.push(ids.toArray(String[]::new));
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactlyInAnyOrderElementsOf(ids));
        assertThat(bench.handler.repeated()).isEmpty();
        bench.assertNothingInFlight();
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

    private void assertDiverted(String id, Reason reason) {
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactly(id));
        Stamp stamp = bench.handler.stampOf(key(id));
        assertThat(stamp.decision().decided()).isEqualTo(Route.TEMPORAL);
        assertThat(stamp.decision().executed()).isEqualTo(Route.LEGACY);
        assertThat(stamp.decision().reason()).isEqualTo(reason);
        bench.assertNothingInFlight();
    }
}
