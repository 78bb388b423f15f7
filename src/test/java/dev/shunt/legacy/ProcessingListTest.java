package dev.shunt.legacy;

import static dev.shunt.legacy.TinyWorkload.KEYS;
import static dev.shunt.legacy.TinyWorkload.TINY;
import static dev.shunt.legacy.TinyWorkload.item;
import static dev.shunt.legacy.TinyWorkload.key;
import static dev.shunt.legacy.TinyWorkload.message;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.Delivery;
import dev.shunt.core.Epoch;
import dev.shunt.core.Instance;
import dev.shunt.core.Percentage;
import dev.shunt.core.Route;
import dev.shunt.core.Stamp;
import dev.shunt.embedded.TestBackends;
import dev.shunt.legacy.Script.Reply;
import dev.shunt.legacy.Taken.Dead;
import dev.shunt.legacy.Taken.ForLegacy;
import dev.shunt.legacy.Taken.ForTemporal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What each script on a processing list keeps, on both sides of its condition. */
class ProcessingListTest {

    private static final Duration SOON = Duration.ofMillis(50);

    private final Bench bench = new Bench(TestBackends.freshRedisUrl());
    private final ProcessingList list = bench.list("one", 0, 1);
    private final Reaper reaper = new Reaper(KEYS, new Instance("reaper"), new LegacyMetrics(bench.meters, TINY));

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void a_fetch_takes_the_oldest_first_and_no_more_than_asked() {
        bench.push("a", "b", "c");
        assertThat(texts(list.fetch(2, SOON))).containsExactly(text("a"), text("b"));
        assertThat(texts(list.everything())).containsExactly(text("a"), text("b"));
        assertThat(bench.list(KEYS.queue())).containsExactly(text("c"));
    }

    @Test
    void a_fetch_of_large_messages_ends_before_they_fill_the_memory() {
        String large = "x".repeat(3_000_000);
        bench.push(large, large, large, large, large);

        assertThat(list.fetch(64, SOON)).hasSize(3);
        assertThat(bench.list(KEYS.queue())).hasSize(2);
    }

    @Test
    void an_idle_fetch_ends_with_nothing() {
        assertThat(list.fetch(64, SOON)).isEmpty();
    }

    @Test
    void a_list_is_deleted_and_its_keys_settled_only_if_it_holds_what_was_handled() {
        bench.inFlight.acceptOnLegacy(item("a"), bench.decision("a"));
        bench.push("b");
        list.fetch(64, SOON);

        assertThat(list.acknowledge(1, Set.of(key("a")))).isFalse();
        assertThat(list.everything()).hasSize(2);
        assertThat(bench.inFlight.find(TINY, key("a"))).isPresent();

        assertThat(list.acknowledge(2, Set.of(key("a"), key("b")))).isTrue();
        assertThat(list.everything()).isEmpty();
        assertThat(bench.inFlight.find(TINY, key("a"))).isEmpty();
    }

    @Test
    void a_dead_letter_is_pushed_once_without_its_stamp_and_its_key_is_settled() {
        bench.inFlight.acceptOnLegacy(item("a"), bench.decision("a"));
        byte[] raw = list.fetch(1, SOON).getFirst();
        var dead = new Dead(raw, message("a"), key("a"), null, "no", 1);

        assertThat(list.bury(dead)).isTrue();
        assertThat(list.bury(dead)).isFalse();

        assertThat(bench.list(KEYS.deadLetters())).containsExactly(text("a"));
        assertThat(bench.inFlight.find(TINY, key("a"))).isEmpty();
    }

    @Test
    void a_dead_letter_that_a_reaper_took_away_is_not_pushed() {
        bench.push("a");
        byte[] raw = list.fetch(1, SOON).getFirst();
        giveBack();
        assertThat(list.bury(new Dead(raw, raw, null, null, "no", 1))).isFalse();
        assertThat(bench.list(KEYS.deadLetters())).isEmpty();
        assertThat(bench.list(KEYS.recovered())).containsExactly(text("a"));
    }

    @Test
    void a_tapped_message_moves_from_the_list_into_book_and_registry() {
        bench.percentage = Percentage.ALL;
        bench.push("a");
        list.fetch(1, SOON);
        assertThat(register("a")).isEqualTo("REGISTERED");
        assertThat(list.everything()).isEmpty();
        assertThat(bench.inFlight.find(TINY, key("a")).orElseThrow().route()).isEqualTo(Route.TEMPORAL);
        Stamp.Stamped registered = Stamp.split(bench.inFlight
                .registered(TINY, java.time.Instant.MAX, 1)
                .getFirst()
                .stampedMessage());
        assertThat(registered.stamp()).contains(item("a").stamp(bench.decision("a")));
        assertThat(registered.message()).isEqualTo(message("a"));
    }

    @Test
    void a_tapped_message_decided_before_the_fence_or_under_a_stop_order_stays_in_hand() {
        bench.percentage = Percentage.ALL;
        bench.push("a");
        list.fetch(1, SOON);
        bench.inFlight.raiseFence(TINY, new Epoch(8));
        assertThat(register("a")).isEqualTo("FENCED");

        bench.epoch = new Epoch(8);
        bench.inFlight.orderStop(TINY, "stop");
        assertThat(register("a")).isEqualTo("FENCED");
        assertThat(list.everything()).hasSize(1);
        assertThat(bench.inFlight.census(TINY).registry()).isEmpty();

        bench.inFlight.liftStop(TINY, "stop");
        assertThat(register("a")).isEqualTo("REGISTERED");
    }

    @Test
    void a_copy_of_a_registered_item_is_removed_and_counted() {
        bench.percentage = Percentage.ALL;
        bench.push("a", "a");
        list.fetch(2, SOON);
        assertThat(register("a")).isEqualTo("REGISTERED");
        assertThat(register("a")).isEqualTo("DUPLICATE");
        assertThat(list.everything()).isEmpty();
        assertThat(bench.inFlight.census(TINY).doorDuplicates()).containsEntry(Route.TEMPORAL, 1L);
    }

    @Test
    void a_copy_of_an_item_that_legacy_accepted_is_never_removed_by_the_tap() {
        bench.percentage = Percentage.ALL;
        bench.inFlight.acceptOnLegacy(item("a"), bench.decision("a"));
        bench.redis().del(KEYS.queue());
        bench.push("a");
        list.fetch(1, SOON);
        assertThat(register("a")).isEqualTo("KNOWN");
        assertThat(list.everything()).hasSize(1);
    }

    @Test
    void who_does_not_hold_a_message_any_more_can_neither_register_nor_book_it() {
        bench.percentage = Percentage.ALL;
        bench.push("a");
        list.fetch(1, SOON);
        giveBack();
        assertThat(register("a")).isEqualTo("GONE");
        var here = new ForLegacy(
                message("a"), Delivery.onLegacy(TINY, item("a").stamp(bench.decision("a")), message("a")), false);
        assertThat(list.book(List.of(here)).text(0)).isEqualTo("GONE");
        assertThat(bench.inFlight.census(TINY).book()).isEmpty();
        assertThat(bench.inFlight.census(TINY).registry()).isEmpty();
    }

    @Test
    void a_list_whose_owner_lives_is_not_touched() {
        bench.push("a");
        list.fetch(1, SOON);
        reaper.reap(bench.redis(), Set::of);
        assertThat(list.everything()).hasSize(1);
    }

    @Test
    void a_list_that_a_loop_of_this_instance_begins_meanwhile_is_not_taken_for_one_that_it_left() {
        bench.push("a");
        reaper.reap(bench.redis(), () -> {
            bench.list("reaper", 0, 1).fetch(1, SOON);
            return Set.of();
        });
        assertThat(bench.list(KEYS.recovered())).isEmpty();
        reaper.reap(bench.redis(), () -> Set.of(KEYS.processing(new Instance("reaper"), 0, 1)));
        assertThat(bench.list(KEYS.recovered())).isEmpty();
    }

    @Test
    void what_comes_into_a_list_after_this_instance_left_it_is_given_back() {
        bench.push("a");
        bench.list("reaper", 0, 1).fetch(1, SOON);
        reaper.reap(bench.redis(), () -> Set.of(KEYS.processing(new Instance("reaper"), 0, 2)));
        assertThat(bench.list(KEYS.recovered())).containsExactly(text("a"));
    }

    @Test
    void a_dead_owners_messages_come_back_in_order_and_its_list_is_still_watched() {
        bench.push("a", "b", "c");
        list.fetch(3, SOON);
        giveBack();
        ProcessingList another = bench.list("two", 0, 1);
        assertThat(texts(List.of(
                        another.fetchRecovered().orElseThrow(),
                        another.fetchRecovered().orElseThrow(),
                        another.fetchRecovered().orElseThrow())))
                .containsExactly(text("a"), text("b"), text("c"));

        bench.push("late");
        list.fetch(1, SOON);
        giveBack();
        assertThat(bench.list(KEYS.recovered())).containsExactly(text("late"));
    }

    @Test
    void a_list_is_forgotten_only_a_day_after_its_owners_last_sign() {
        giveBack();
        assertThat(bench.redis().scard(KEYS.consumers())).isEqualTo(1);
        assertThat(bench.redis().pttl(KEYS.seen("one")))
                .isGreaterThan(Duration.ofHours(23).toMillis());

        bench.redis().del(KEYS.seen("one"));
        giveBack();
        assertThat(bench.redis().scard(KEYS.consumers())).isZero();
    }

    @Test
    void a_fetch_makes_its_list_known_again() {
        bench.redis().del(KEYS.consumers());
        bench.push("a");
        list.fetch(2, SOON);
        assertThat(bench.redis().scard(KEYS.consumers())).isEqualTo(1);
    }

    @Test
    void only_a_message_that_was_being_handled_alone_is_blamed_and_once_per_process() {
        bench.redis().lpush(KEYS.recovered(), message("a"));
        var suspect = new Suspect(list.fetchRecovered().orElseThrow());
        giveBack();
        assertThat(list.deathsOf(suspect).processes()).as("it was only waiting").isZero();

        for (int i = 0; i < 2; i++) {
            list.fetchRecovered();
            suspect.identified(key("a"));
            list.suspect(suspect);
            giveBack();
        }
        assertThat(list.deathsOf(suspect).processes()).isEqualTo(1);
        assertThat(list.deathsOf(suspect).key()).contains(key("a"));

        ProcessingList other = bench.list("three", 0, 1);
        other.fetchRecovered();
        other.suspect(suspect);
        bench.redis().del(KEYS.heartbeat("three"));
        reaper.reap(bench.redis(), Set::of);
        assertThat(list.deathsOf(suspect).processes()).isEqualTo(2);
    }

    /** The owner loses its heartbeat and a reaper comes by. */
    private void giveBack() {
        bench.redis().del(KEYS.heartbeat("one"));
        reaper.reap(bench.redis(), Set::of);
    }

    private String register(String id) {
        var message = new ForTemporal(message(id), message(id), item(id).stamp(bench.decision(id)), false);
        Reply answers = list.register(List.of(message));
        return answers.part(0).text(0);
    }

    private static String text(String id) {
        return new String(message(id), UTF_8);
    }

    private static List<String> texts(List<byte[]> raws) {
        return raws.stream().map(raw -> new String(raw, UTF_8)).toList();
    }
}
