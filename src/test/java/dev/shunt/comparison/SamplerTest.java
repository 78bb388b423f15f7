package dev.shunt.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.core.Bucket;
import dev.shunt.core.Delivery;
import dev.shunt.core.Epoch;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Percentage;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.Shadowing.Mode;
import dev.shunt.core.Stamp;
import dev.shunt.core.WayIn;
import dev.shunt.core.Workload;
import dev.shunt.embedded.TestBackends;
import dev.shunt.store.TestShadow;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is sampled, what is shed, and when nothing is. */
class SamplerTest {

    private static final Workload TRACE = new Workload("trace");
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:30Z");
    private static DataSource database;

    private final AtomicLong nanos = new AtomicLong();
    private ShadowSwitches switches;
    private PairTally tally;
    private SampledQueue queue;
    private InMemoryInFlight list;
    private Pressure pressure;
    private double busy;
    private Sampler sampler;
    private int items;

    @BeforeAll
    static void openDatabase() {
        database = TestBackends.migratedDatabase();
    }

    @BeforeEach
    void begin() {
        switches = new ShadowSwitches(TestShadow.orders(database), nanos::get);
        tally = new PairTally(TestShadow.minutes(database));
        queue = new SampledQueue(3, 1_000);
        list = new InMemoryInFlight();
        pressure = new Pressure(list, () -> busy, 2, 0.75);
        sampler =
                new Sampler(switches, queue, tally, Duration.ofSeconds(1), pressure, Clock.fixed(NOW, ZoneOffset.UTC));
        sampler.open(Set.of(TRACE));
    }

    @Test
    void everything_is_sampled_at_a_hundred_percent_and_the_rest_is_shed_when_the_queue_is_full() {
        order(10_000);
        PairReport before = report();
        for (int i = 0; i < 5; i++) {
            sampler.stored(delivery(10, NOW), false);
        }

        assertThat(queue.size()).isEqualTo(3);
        assertThat(tally.waiting(TRACE)).isEqualTo(3);
        assertThat(report().sampled() - before.sampled()).isEqualTo(5);
        assertThat(report().shed() - before.shed()).isEqualTo(2);
    }

    @Test
    void the_ordered_share_is_sampled_of_either_route_and_a_larger_one_takes_all_that_a_smaller_one_took() {
        List<Delivery> stored = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            Delivery delivery = delivery(10, NOW);
            stored.add(bucket(delivery) < 5_000 ? onTemporal(delivery) : delivery);
        }
        Set<ItemKey> tenth = keys(sampled(1_000, stored));
        List<SampledItem> half = sampled(5_000, stored);

        // the bounds are four standard deviations away
        assertThat(tenth).hasSizeBetween(1_830, 2_170);
        assertThat(keys(half)).hasSizeBetween(9_717, 10_283).containsAll(tenth);
        assertThat(sampled(0, stored)).isEmpty();
        assertThat(keys(sampled(1_000, stored))).as("the same again").isEqualTo(tenth);

        // by the hash that routes, the tenth would be the first 10 % that go to Temporal, and the half all of them
        assertThat(share(sampled(1_000, stored), item -> bucket(item.delivery()) < 1_000))
                .isBetween(0.07, 0.13);
        assertThat(share(half, item -> item.delivery().route() == Route.TEMPORAL))
                .isBetween(0.48, 0.52);
    }

    /** What of all that was stored is to be processed a second time. */
    private List<SampledItem> sampled(int basisPoints, List<Delivery> stored) {
        order(basisPoints);
        var wide = new SampledQueue(stored.size(), 1 << 30);
        var all = new Sampler(switches, wide, tally, Duration.ofSeconds(1), pressure, Clock.fixed(NOW, ZoneOffset.UTC));
        all.open(Set.of(TRACE));
        stored.forEach(delivery -> all.stored(delivery, false));
        return wide.drain();
    }

    private static Set<ItemKey> keys(List<SampledItem> items) {
        return items.stream().map(item -> item.delivery().key()).collect(Collectors.toSet());
    }

    private static double share(List<SampledItem> items, Predicate<SampledItem> which) {
        return (double) items.stream().filter(which).count() / items.size();
    }

    private static int bucket(Delivery delivery) {
        return Bucket.of(TRACE, delivery.key().subjectKey()).value();
    }

    private static Delivery onTemporal(Delivery delivery) {
        return Delivery.onTemporal(
                TRACE, delivery.stamp(), delivery.message(), new Delivery.Execution("workflow", "run"));
    }

    @Test
    void the_queue_is_bounded_by_bytes_too() throws InterruptedException {
        order(10_000);
        sampler.stored(delivery(600, NOW), false);
        sampler.stored(delivery(600, NOW), false);

        assertThat(queue.take(10, Duration.ZERO, Duration.ZERO, any -> true)).hasSize(1);
        assertThat(queue.bytes()).isZero();
    }

    @Test
    void an_item_is_shed_when_the_primary_is_behind() {
        order(10_000);
        sampler.stored(delivery(10, NOW.minusMillis(1_001)), false);
        sampler.stored(delivery(10, NOW.minusMillis(1_000)), false);

        assertThat(queue.size()).isEqualTo(1);
    }

    @Test
    void everything_is_shed_while_the_list_has_a_backlog_or_cannot_be_read() {
        order(10_000);
        accept(2);
        pressure.look(List.of(TRACE));
        sampler.stored(delivery(10, NOW), false);
        assertThat(queue.size()).as("two in the list are no backlog here").isEqualTo(1);

        accept(1);
        pressure.look(List.of(TRACE));
        sampler.stored(delivery(10, NOW), false);
        assertThat(queue.size()).isEqualTo(1);

        list.consume(TRACE);
        pressure.look(List.of(TRACE));
        sampler.stored(delivery(10, NOW), false);
        assertThat(queue.size()).isEqualTo(2);

        list.away(true);
        pressure.look(List.of(TRACE));
        sampler.stored(delivery(10, NOW), false);
        assertThat(queue.size()).isEqualTo(2);
    }

    @Test
    void what_is_sampled_waits_while_the_processors_are_busy_and_a_short_peak_is_nothing() {
        busy = 1;
        pressure.look(List.of(TRACE));
        assertThat(pressure.isBusy()).isFalse();

        for (int i = 0; i < 20; i++) {
            pressure.look(List.of(TRACE));
        }
        assertThat(pressure.isBusy()).isTrue();
        assertThat(pressure.sheds(TRACE)).isFalse();

        busy = 0.5;
        for (int i = 0; i < 20; i++) {
            pressure.look(List.of(TRACE));
        }
        assertThat(pressure.isBusy()).isFalse();
    }

    @Test
    void nobody_waits_where_it_is_not_known_how_busy_the_processors_are() {
        busy = Double.NaN;
        for (int i = 0; i < 20; i++) {
            pressure.look(List.of(TRACE));
        }

        assertThat(pressure.isBusy()).isFalse();
    }

    @Test
    void nothing_is_sampled_while_orders_cannot_be_read_for_five_seconds() {
        order(10_000);
        nanos.addAndGet(Duration.ofSeconds(6).toNanos());

        sampler.stored(delivery(10, NOW), false);

        assertThat(switches.readable()).isFalse();
        assertThat(queue.size()).isZero();
    }

    @Test
    void nothing_is_sampled_once_it_is_suspended_though_the_table_does_not_know_yet() {
        order(10_000);
        switches.suspend(TRACE, "ann", "rollback");

        sampler.stored(delivery(10, NOW), false);

        assertThat(queue.size()).isZero();
        assertThat(switches.inForce(TRACE).suspended()).isTrue();
    }

    @Test
    void nothing_is_sampled_where_nobody_takes_it() {
        order(10_000);
        sampler.open(Set.of());

        sampler.stored(delivery(10, NOW), false);

        assertThat(queue.size()).isZero();
    }

    private void order(int basisPoints) {
        switches.order(TRACE, new Percentage(basisPoints), Mode.OTHER_ROUTE, "ann", "test");
    }

    private void accept(int number) {
        for (int i = 0; i < number; i++) {
            Delivery delivery = delivery(10, NOW);
            Stamp stamp = delivery.stamp();
            list.acceptOnLegacy(
                    new Item(TRACE, stamp.key(), "p:t", new byte[] {'{', '}'}, WayIn.HTTP, NOW, ""), stamp.decision());
        }
    }

    private PairReport report() {
        tally.flush();
        return PairReport.of(
                TestShadow.minutes(database).sums(TRACE, NOW.minusSeconds(60), NOW.plusSeconds(60)), List.of(), 0);
    }

    private Delivery delivery(int bytes, Instant acceptedAt) {
        var key = ItemKey.of("p", "t" + items++, "0123456789abcdef");
        var decision = RouteDecision.byFlag(new Bucket(0), Percentage.ZERO, new Epoch(1));
        var stamp = new Stamp(key, decision, WayIn.TAP, acceptedAt, "");
        return Delivery.onLegacy(TRACE, stamp, new byte[bytes]);
    }
}
