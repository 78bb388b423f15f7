package dev.shunt.legacy;

import static dev.shunt.legacy.TinyWorkload.KEYS;
import static dev.shunt.legacy.TinyWorkload.TINY;
import static dev.shunt.legacy.TinyWorkload.item;
import static dev.shunt.legacy.TinyWorkload.key;
import static dev.shunt.legacy.TinyWorkload.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.Epoch;
import dev.shunt.core.InFlight.Entry;
import dev.shunt.core.InFlight.Registration;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Percentage;
import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.core.Stamp;
import dev.shunt.core.UnavailableException;
import dev.shunt.embedded.RedisServerHandle;
import dev.shunt.embedded.TestBackends;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RedisInFlightTest {

    private final Bench bench = new Bench(TestBackends.freshRedisUrl());
    private final RedisInFlight inFlight = bench.inFlight;

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void an_item_accepted_on_legacy_is_in_book_and_list_with_its_stamp() {
        assertThat(inFlight.acceptOnLegacy(item("a"), bench.decision("a"))).isEqualTo(new Registration.Registered());

        Stamp.Stamped waiting = Stamp.split(bench.redis().lindex(KEYS.queue(), -1));
        assertThat(waiting.stamp()).contains(item("a").stamp(bench.decision("a")));
        assertThat(waiting.message()).isEqualTo(message("a"));
        assertThat(inFlight.find(TINY, key("a")))
                .contains(new Entry(
                        key("a"), Route.LEGACY, new Epoch(7), item("a").acceptedAt()));
    }

    @Test
    void the_same_item_accepted_again_pushes_nothing_and_is_counted_per_route() {
        inFlight.acceptOnLegacy(item("a"), bench.decision("a"));
        bench.percentage = Percentage.ALL;
        inFlight.register(item("b"), bench.decision("b"));

        assertThat(inFlight.acceptOnLegacy(item("a"), bench.decision("a"))).isInstanceOf(Registration.Duplicate.class);
        assertThat(inFlight.register(item("a"), bench.decision("a"))).isInstanceOf(Registration.Duplicate.class);
        assertThat(inFlight.acceptOnLegacy(item("b"), bench.decision("b"))).isInstanceOf(Registration.Duplicate.class);

        assertThat(bench.redis().llen(KEYS.queue())).isEqualTo(1);
        assertThat(inFlight.census(TINY).doorDuplicates()).isEqualTo(Map.of(Route.LEGACY, 2L, Route.TEMPORAL, 1L));
    }

    @Test
    void a_registration_decided_before_the_fence_is_refused_and_leaves_nothing() {
        bench.percentage = Percentage.ALL;
        inFlight.raiseFence(TINY, new Epoch(8));

        assertThat(inFlight.register(item("a"), bench.decision("a"))).isEqualTo(new Registration.Fenced(new Epoch(8)));
        assertThat(inFlight.census(TINY).book()).isEmpty();
        assertThat(inFlight.census(TINY).registry()).isEmpty();

        bench.epoch = new Epoch(8);
        assertThat(inFlight.register(item("a"), bench.decision("a"))).isEqualTo(new Registration.Registered());
    }

    @Test
    void a_fence_only_rises() {
        assertThat(inFlight.fence(TINY)).isEqualTo(Epoch.NONE);
        inFlight.raiseFence(TINY, new Epoch(9));
        inFlight.raiseFence(TINY, new Epoch(4));
        assertThat(inFlight.fence(TINY)).isEqualTo(new Epoch(9));
    }

    @Test
    void a_stop_order_refuses_every_registration_until_it_is_lifted() {
        bench.percentage = Percentage.ALL;
        bench.epoch = new Epoch(1_000_000);
        inFlight.orderStop(TINY, "ann: sums differ");
        assertThat(inFlight.stopOrder(TINY)).contains("ann: sums differ");
        assertThat(inFlight.register(item("a"), bench.decision("a"))).isInstanceOf(Registration.Fenced.class);

        assertThat(inFlight.liftStop(TINY, "ann: sums differ")).isTrue();
        assertThat(inFlight.stopOrder(TINY)).isEmpty();
        assertThat(inFlight.register(item("a"), bench.decision("a"))).isInstanceOf(Registration.Registered.class);
    }

    @Test
    void lifting_a_stop_order_leaves_the_one_that_took_its_place() {
        inFlight.orderStop(TINY, "bob: took over");

        assertThat(inFlight.liftStop(TINY, "ann: sums differ")).isFalse();
        assertThat(inFlight.stopOrder(TINY)).contains("bob: took over");
    }

    @Test
    void an_item_handed_to_legacy_is_consumed_next_with_its_reason_and_its_acceptance() {
        bench.percentage = Percentage.ALL;
        inFlight.register(item("a"), bench.decision("a"));
        bench.push("older", "younger");

        assertThat(inFlight.handToLegacy(TINY, key("a"), Reason.RECALL)).isTrue();

        Stamp.Stamped next = Stamp.split(bench.redis().lindex(KEYS.queue(), -1));
        assertThat(next.message()).isEqualTo(message("a"));
        assertThat(next.stamp()).contains(item("a").stamp(bench.decision("a").divertedToLegacy(Reason.RECALL)));
        assertThat(inFlight.census(TINY).registry()).isEmpty();
        assertThat(inFlight.registered(TINY, Instant.MAX, Optional.empty(), 10)).isEmpty();
        assertThat(inFlight.find(TINY, key("a")).orElseThrow().route()).isEqualTo(Route.LEGACY);
    }

    @Test
    void what_is_not_in_the_registry_is_not_pushed() {
        assertThat(inFlight.handToLegacy(TINY, key("a"), Reason.FALLBACK)).isFalse();
        inFlight.acceptOnLegacy(item("a"), bench.decision("a"));
        assertThat(inFlight.handToLegacy(TINY, key("a"), Reason.FALLBACK)).isFalse();
        assertThat(bench.redis().llen(KEYS.queue())).isEqualTo(1);
    }

    @Test
    void an_entry_that_was_settled_and_registered_anew_since_it_was_read_is_not_moved_as_the_old_one() {
        bench.percentage = Percentage.ALL;
        inFlight.register(item("a"), bench.decision("a"));
        Script.Reply answer = Script.HAND_TO_LEGACY.run(
                bench.redis(),
                List.of(KEYS.book(), KEYS.registry(), KEYS.age(), KEYS.queue()),
                Script.Arguments.of(key("a").value(), "what was read before", "to push", "entry"));
        assertThat(answer.text(0)).isEqualTo("CHANGED");
        assertThat(bench.redis().exists(KEYS.queue())).isZero();
        assertThat(inFlight.census(TINY).registry()).containsExactly(key("a"));
    }

    @Test
    void of_a_fallback_a_recall_and_a_sweep_that_meet_one_wins() throws Exception {
        bench.percentage = Percentage.ALL;
        try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
            for (int i = 0; i < 50; i++) {
                String id = "i" + i;
                inFlight.register(item(id), bench.decision(id));
                Callable<Boolean> hand = () -> inFlight.handToLegacy(TINY, key(id), Reason.FALLBACK);
                int wins = 0;
                for (Future<Boolean> answer : pool.invokeAll(List.of(hand, hand, hand))) {
                    wins += answer.get() ? 1 : 0;
                }
                assertThat(wins).isEqualTo(1);
            }
        }
        assertThat(bench.redis().llen(KEYS.queue())).isEqualTo(50);
    }

    @Test
    void a_rollback_that_races_registrations_leaves_none_behind_the_fence_that_was_decided_before_it()
            throws Exception {
        bench.percentage = Percentage.ALL;
        long seed = 20261121;
        var random = new SplittableRandom(seed);
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            for (int round = 0; round < 20; round++) {
                long epoch = 100L + round;
                bench.epoch = new Epoch(epoch);
                List<Callable<Object>> race = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    String id = "r" + round + "i" + i;
                    race.add(() -> inFlight.register(item(id), bench.decision(id)));
                }
                race.add(random.nextInt(race.size()), () -> {
                    inFlight.raiseFence(TINY, new Epoch(epoch + 1));
                    return inFlight.census(TINY).registry();
                });
                Set<?> atTheFence = Set.of();
                for (Future<Object> done : pool.invokeAll(race)) {
                    if (done.get() instanceof Set<?> registry) {
                        atTheFence = registry;
                    }
                }
                assertThat(inFlight.census(TINY).registry())
                        .as("registered after the fence, round %s, seed %s", round, seed)
                        .isEqualTo(atTheFence);
            }
        }
    }

    @Test
    void settling_forgets_everywhere_and_may_be_repeated() {
        bench.percentage = Percentage.ALL;
        List<ItemKey> keys = new ArrayList<>();
        for (int i = 0; i < 1_200; i++) {
            inFlight.register(item("i" + i), bench.decision("i" + i));
            keys.add(key("i" + i));
        }
        inFlight.settle(TINY, keys);
        inFlight.settle(TINY, keys);
        assertThat(bench.redis().exists(KEYS.book(), KEYS.registry(), KEYS.age()))
                .isZero();
    }

    @Test
    void of_two_who_want_a_chore_one_has_it_until_its_lease_ends_or_it_is_given_back() {
        assertThat(inFlight.takeTurn(TINY, "sweep", "one", Duration.ofSeconds(2)))
                .isTrue();
        assertThat(inFlight.takeTurn(TINY, "sweep", "two", Duration.ofMinutes(1)))
                .isFalse();
        assertThat(inFlight.takeTurn(TINY, "drop", "two", Duration.ofMinutes(1)))
                .isTrue();
        await().until(() -> inFlight.takeTurn(TINY, "sweep", "two", Duration.ofMinutes(1)));

        assertThat(inFlight.takeTurn(TINY, "sweep", "one", Duration.ZERO)).isFalse();
        assertThat(inFlight.takeTurn(TINY, "sweep", "two", Duration.ZERO)).isTrue();
        assertThat(inFlight.takeTurn(TINY, "sweep", "one", Duration.ofMinutes(1)))
                .isTrue();
    }

    @Test
    void a_redis_that_is_away_is_said_with_the_step_and_is_found_again() {
        try (RedisServerHandle server = TestBackends.dedicatedRedis();
                var own = new Bench(server.url())) {
            own.inFlight.acceptOnLegacy(item("a"), own.decision("a"));
            server.stop();
            assertThatThrownBy(() -> own.inFlight.acceptOnLegacy(item("b"), own.decision("b")))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("accepting " + key("b"));
            assertThat(new LegacyGateway(own.inFlight).dispatch(item("b"), own.decision("b")))
                    .isInstanceOf(dev.shunt.core.RouteGateway.Dispatch.Refused.class);
            server.start();
            await().ignoreExceptionsInstanceOf(UnavailableException.class)
                    .untilAsserted(
                            () -> assertThat(own.inFlight.find(TINY, key("a"))).isPresent());
        }
    }
}
