package dev.shunt.legacy;

import static dev.shunt.legacy.TinyWorkload.CATALOG;
import static dev.shunt.legacy.TinyWorkload.KEYS;
import static dev.shunt.legacy.TinyWorkload.TINY;
import static dev.shunt.legacy.TinyWorkload.item;
import static dev.shunt.legacy.TinyWorkload.key;
import static dev.shunt.legacy.TinyWorkload.message;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.Delivery;
import dev.shunt.core.ForwardedItems.Dead;
import dev.shunt.core.ForwardedItems.Forwarded;
import dev.shunt.core.ForwardedSample;
import dev.shunt.core.InFlight.Registered;
import dev.shunt.core.InFlight.Registration;
import dev.shunt.core.Instance;
import dev.shunt.core.Percentage;
import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.core.Stamp;
import dev.shunt.embedded.TestBackends;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The legacy side is a worker outside: what is decided for it is in its list, as its producer pushed it. */
class OutsideWorkerTest {

    private static final String OUTSIDE = "tiny:outside";
    private static final String GIVEN_UP = "tiny:given-up";
    private static final OldWorker WORKER = new OldWorker(
            TINY, OUTSIDE, GIVEN_UP, message -> "seen outside", (workload, key, bytes) -> key.equals(key("i7")));

    private final Bench bench = new Bench(TestBackends.freshRedisUrl());
    private final RedisInFlight inFlight = new RedisInFlight(
            bench.connections,
            CATALOG,
            new ListWalk(workload -> TinyWorkload::read, Clock.systemUTC()),
            Optional.of(WORKER));
    private final RedisForwardedItems forwarded =
            new RedisForwardedItems(bench.connections, CATALOG, Optional.of(WORKER));

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void a_pushed_message_is_forwarded_as_it_is_in_its_order_with_its_decision_in_the_book() {
        List<String> ids = IntStream.range(0, 150).mapToObj(i -> "i" + i).toList();
        bench.push(ids.toArray(String[]::new));
        start("one");

        await().untilAsserted(() -> assertThat(bench.list(OUTSIDE)).hasSize(150));
        assertThat(bench.list(OUTSIDE).reversed())
                .isEqualTo(ids.stream().map(id -> "{\"id\":\"" + id + "\"}").toList());
        assertThat(bench.handler.ids()).isEmpty();
        assertThat(inFlight.find(TINY, key("i7")))
                .hasValueSatisfying(entry -> assertThat(entry.route()).isEqualTo(Route.LEGACY));
        assertThat(inFlight.counts(TINY).waiting()).isEqualTo(150);
        assertThat(inFlight.presentOnLegacy(TINY, Set.of(key("i7"), key("nowhere"))))
                .containsExactly(key("i7"));
        Forwarded known = forwarded.read(TINY, List.of(key("i7"))).getFirst();
        assertThat(known.evidence()).isEqualTo("seen outside");
        assertThat(known.stamp().evidence()).startsWith("seen@");
        assertThat(known.message()).isEqualTo("{\"id\":\"i7\"}".getBytes(UTF_8));
        assertThat(forwarded.read(TINY, List.of(key("i8"))).getFirst().message())
                .as("of a message that is not sampled the digest is enough")
                .isNull();
        assertThat(forwarded.open(TINY)).isEqualTo(150);
        assertThat(pages()).hasSize(150);
    }

    @Test
    void what_the_door_accepts_is_in_the_same_list_without_a_stamp_once() {
        assertThat(inFlight.acceptOnLegacy(item("door"), bench.decision("door")))
                .isInstanceOf(Registration.Registered.class);
        assertThat(inFlight.acceptOnLegacy(item("door"), bench.decision("door")))
                .isInstanceOf(Registration.Duplicate.class);

        assertThat(bench.list(OUTSIDE)).containsExactly("{\"id\":\"door\"}");
        assertThat(bench.list(KEYS.queue())).isEmpty();
    }

    @Test
    void a_copy_is_not_forwarded_again_while_the_first_is_on_its_way_and_is_counted() {
        bench.push("a", "b", "a");
        start("one");
        await().untilAsserted(() -> assertThat(bench.count("duplicates")).isEqualTo(1));

        assertThat(bench.list(OUTSIDE)).containsExactly("{\"id\":\"b\"}", "{\"id\":\"a\"}");
        assertThat(inFlight.counts(TINY).doorDuplicates()).containsEntry(Route.LEGACY, 1L);
    }

    @Test
    void what_leaves_temporal_is_the_next_one_for_the_worker_with_its_reason() {
        bench.push("waiting");
        start("one");
        await().untilAsserted(() -> assertThat(bench.list(OUTSIDE)).hasSize(1));
        bench.percentage = Percentage.ALL;
        inFlight.register(item("back"), bench.decision("back"));

        assertThat(inFlight.handToLegacy(TINY, key("back"), Reason.RECALL)).isTrue();
        assertThat(inFlight.handToLegacy(TINY, key("back"), Reason.RECALL)).isFalse();

        assertThat(bench.list(OUTSIDE)).containsExactly("{\"id\":\"waiting\"}", "{\"id\":\"back\"}");
        Stamp stamp = forwarded.read(TINY, List.of(key("back"))).getFirst().stamp();
        assertThat(stamp.decision().reason()).isEqualTo(Reason.RECALL);
        assertThat(stamp.decision().decided()).isEqualTo(Route.TEMPORAL);
    }

    @Test
    void messages_for_temporal_and_unreadable_ones_go_their_own_ways() {
        bench.percentage = Percentage.ALL;
        bench.push("there");
        bench.push("no json at all".getBytes(UTF_8));
        start("one");

        await().untilAsserted(() -> {
            assertThat(bench.offered).extracting(Stamp::key).containsExactly(key("there"));
            assertThat(bench.list(KEYS.deadLetters())).containsExactly("no json at all");
        });
        assertThat(bench.list(OUTSIDE)).isEmpty();
    }

    @Test
    void what_a_dead_instance_had_in_hand_is_forwarded_once_and_keeps_its_decision() {
        ProcessingList hand = bench.list("dead", 0, 1);
        for (String id : List.of("a", "b", "c")) {
            bench.redis().lpush(KEYS.processing(new Instance("dead"), 0, 1), message(id));
        }
        // it had forwarded one of them when it died, and a stamped one was in its hands too
        var decided = bench.decision("a");
        hand.forward(
                WORKER,
                List.of(new Taken.ForLegacy(
                        message("a"), Delivery.onLegacy(TINY, item("a").stamp(decided), message("a")), false)));
        bench.redis()
                .lpush(
                        KEYS.processing(new Instance("dead"), 0, 1),
                        item("d").stamp(decided).appendTo(message("d")));
        bench.percentage = Percentage.ALL;
        start("survivor");

        await().untilAsserted(() -> assertThat(bench.list(OUTSIDE)).contains("{\"id\":\"a\"}", "{\"id\":\"d\"}"));
        await().untilAsserted(() -> assertThat(bench.offered).hasSize(2));
        assertThat(bench.list(OUTSIDE)).hasSize(2);
        assertThat(pages()).extracting(Registered::key).containsExactlyInAnyOrder(key("a"), key("d"));
    }

    @Test
    void a_settled_item_is_forgotten_and_one_registered_anew_keeps_its_entry() {
        inFlight.acceptOnLegacy(item("done"), bench.decision("done"));
        forwarded.settle(TINY, List.of(key("done")));

        assertThat(inFlight.find(TINY, key("done"))).isEmpty();
        assertThat(pages()).isEmpty();
        assertThat(bench.redis().hlen(KEYS.forwardedDigests())).isZero();

        bench.percentage = Percentage.ALL;
        inFlight.register(item("done"), bench.decision("done"));
        forwarded.settle(TINY, List.of(key("done")));
        assertThat(inFlight.find(TINY, key("done"))).isPresent();
    }

    @Test
    void what_the_worker_gave_up_is_found_by_its_bytes_even_if_the_door_made_its_key() {
        inFlight.acceptOnLegacy(item("bad"), bench.decision("bad"));
        inFlight.acceptOnLegacy(item("good"), bench.decision("good"));
        bench.redis().lpush(GIVEN_UP, "an older one".getBytes(UTF_8));
        assertThat(forwarded.dead(TINY, true)).isEmpty();

        bench.redis().lpush(GIVEN_UP, message("bad"));
        assertThat(forwarded.dead(TINY, false)).as("it is still in the list").isEmpty();
        bench.redis().rpop(OUTSIDE);

        assertThat(forwarded.dead(TINY, true)).singleElement().satisfies(dead -> {
            assertThat(dead.forwarded().stamp().key()).isEqualTo(key("bad"));
            assertThat(dead.pushed()).as("it was there at the look before").isFalse();
        });
        assertThat(forwarded.dead(TINY, false)).as("seen before").isEmpty();
    }

    @Test
    void only_what_came_since_the_last_look_of_anybody_counts_as_pushed() {
        var other = new RedisForwardedItems(bench.connections, CATALOG, Optional.of(WORKER));
        for (String id : List.of("a", "b", "c")) {
            inFlight.acceptOnLegacy(item(id), bench.decision(id));
            bench.redis().rpop(OUTSIDE);
        }
        assertThat(forwarded.dead(TINY, true)).isEmpty();
        bench.redis().lpush(GIVEN_UP, message("a"));
        assertThat(forwarded.dead(TINY, false)).extracting(Dead::pushed).containsExactly(true);
        bench.redis().lpush(GIVEN_UP, message("b"));

        assertThat(other.dead(TINY, true))
                .filteredOn(Dead::pushed)
                .extracting(dead -> dead.forwarded().stamp().key())
                .containsExactly(key("b"));

        bench.redis().lpush(GIVEN_UP, message("c"));
        bench.redis().lrem(GIVEN_UP, 1, message("b")); // a person took it out
        assertThat(forwarded.dead(TINY, false))
                .as("who does not meet what was seen last cannot tell what is new")
                .hasSize(2)
                .noneMatch(Dead::pushed);
    }

    @ParameterizedTest
    @CsvSource({
        "'', tiny:given-up, shunt.legacy.queue must name the list",
        "tiny:queue, tiny:given-up, 'shunt.legacy.queue must differ from the queue of workload tiny, both are ''tiny:queue'''",
        "tiny:dead, tiny:given-up, shunt.legacy.queue must differ from the dead-letter list of workload tiny",
        "tiny:outside, tiny:outside, shunt.legacy.queue must differ from shunt.legacy.dead-letter-list",
        "tiny:outside, tiny:queue, shunt.legacy.dead-letter-list must differ from the queue of workload tiny",
    })
    void lists_that_cannot_be_told_apart_stop_the_start(String queue, String deadLetters, String message) {
        assertThatThrownBy(() -> OldWorker.of(
                        new OldWorkerSettings(
                                OldWorkerSettings.Consumer.EXTERNAL,
                                queue,
                                deadLetters,
                                "tiny",
                                OldWorkerSettings.Foreign.REFUSE),
                        Bench.settings(1, 64, LegacySettings.Pop.BLMOVE),
                        CATALOG,
                        bytes -> "",
                        ForwardedSample.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void the_baseline_cannot_be_measured_on_another_process() {
        assertThatThrownBy(() -> OldWorker.of(
                        new OldWorkerSettings(
                                OldWorkerSettings.Consumer.EXTERNAL,
                                OUTSIDE,
                                "",
                                "tiny",
                                OldWorkerSettings.Foreign.REFUSE),
                        Bench.settings(1, 64, LegacySettings.Pop.BRPOP),
                        CATALOG,
                        bytes -> "",
                        ForwardedSample.NONE))
                .hasMessageContaining("shunt.legacy.pop must be blmove");
    }

    private List<Registered> pages() {
        var all = new ArrayList<Registered>();
        Optional<Registered> last = Optional.empty();
        List<Registered> page;
        do {
            page = forwarded.page(TINY, last, 40);
            all.addAll(page);
            last = page.isEmpty() ? last : Optional.of(page.getLast());
        } while (page.size() == 40);
        assertThat(all.stream().map(Registered::key).distinct()).hasSameSizeAs(all);
        return all;
    }

    private void start(String instance) {
        bench.oldWorker = Optional.of(WORKER);
        bench.start(instance);
    }
}
