package dev.shunt.legacy;

import static dev.shunt.legacy.TinyWorkload.KEYS;
import static dev.shunt.legacy.TinyWorkload.TINY;
import static dev.shunt.legacy.TinyWorkload.item;
import static dev.shunt.legacy.TinyWorkload.key;
import static dev.shunt.legacy.TinyWorkload.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.InFlight.Entry;
import dev.shunt.core.InFlight.Registered;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Percentage;
import dev.shunt.core.Stamp;
import dev.shunt.core.WayIn;
import dev.shunt.embedded.TestBackends;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What book and registry answer to those who count, sweep and look. */
class RedisInFlightReadsTest {

    private final Bench bench = new Bench(TestBackends.freshRedisUrl());
    private final RedisInFlight inFlight = bench.inFlight;

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void registered_items_come_oldest_first_with_their_payloads() {
        bench.percentage = Percentage.ALL;
        Instant start = Instant.parse("2026-11-21T10:00:00.000001Z");
        for (int i : new int[] {2, 0, 1}) {
            var item = item(message("i" + i), start.plusNanos(i * 1_000L), WayIn.HTTP);
            inFlight.register(item, bench.decision("i" + i));
        }
        assertThat(inFlight.registered(TINY, start.plusNanos(2_000), Optional.empty(), 10))
                .extracting(Registered::key)
                .containsExactly(key("i0"), key("i1"));
        assertThat(Stamp.split(inFlight.message(TINY, key("i0")).orElseThrow()).message())
                .isEqualTo(message("i0"));
    }

    @Test
    void pages_of_the_registry_leave_nothing_out_although_others_settle_meanwhile() {
        bench.percentage = Percentage.ALL;
        Instant at = Instant.parse("2026-11-21T10:00:00.000001Z");
        for (int i = 0; i < 7; i++) { // some of one moment
            var item = item(message("i" + i), at.plusNanos(i / 3 * 1_000L), WayIn.HTTP);
            inFlight.register(item, bench.decision("i" + i));
        }
        var seen = new HashSet<ItemKey>();
        Optional<Registered> last = Optional.empty();
        for (var page = inFlight.registered(TINY, Instant.MAX, last, 2);
                !page.isEmpty();
                page = inFlight.registered(TINY, Instant.MAX, last, 2)) {
            page.forEach(entry -> seen.add(entry.key()));
            last = Optional.of(page.getLast());
            inFlight.settle(TINY, List.of(page.getLast().key()));
        }
        assertThat(seen).hasSize(7);
    }

    @Test
    void counts_say_what_the_census_says_without_its_keys() {
        bench.percentage = Percentage.ALL;
        inFlight.register(item("a"), bench.decision("a"));
        inFlight.acceptOnLegacy(item("b"), bench.decision("b"));
        inFlight.acceptOnLegacy(item("b"), bench.decision("b"));

        var counts = inFlight.counts(TINY);
        assertThat(inFlight.backlog(TINY)).isEqualTo(counts.waiting());

        assertThat(counts.booked()).isEqualTo(2);
        assertThat(counts.registered()).isOne();
        assertThat(counts.waiting()).isOne();
        assertThat(counts.oldestRegistered()).contains(item("a").acceptedAt());
        assertThat(counts.oldestWaiting()).contains(item("b").acceptedAt());
        assertThat(counts.doorDuplicates())
                .isEqualTo(inFlight.census(TINY).doorDuplicates())
                .isNotEmpty();
    }

    @Test
    void counts_tell_one_undated_next_message_from_another_and_nothing_of_a_dated_one() {
        assertThat(inFlight.counts(TINY).undated()).isEmpty();
        bench.push("a");
        var first = inFlight.counts(TINY).undated();
        bench.push("b");

        assertThat(first).isPresent();
        assertThat(inFlight.counts(TINY).undated()).isEqualTo(first);
        bench.redis().rpop(KEYS.queue());
        assertThat(inFlight.counts(TINY).undated()).isPresent().isNotEqualTo(first);
        bench.redis().rpop(KEYS.queue());
        inFlight.acceptOnLegacy(item("c"), bench.decision("c"));
        assertThat(inFlight.counts(TINY).undated()).isEmpty();
    }

    @Test
    void the_entries_of_one_subject_are_found_whatever_its_name() {
        List<ItemKey> keys = Stream.of("a*c", "abc", "a[b]", "a\\b", "a?c")
                .map(subject -> ItemKey.of("p", subject, "0123456789abcdef"))
                .toList();
        keys.forEach(key -> inFlight.acceptOnLegacy(
                new Item(TINY, key, "p:x", message("a"), WayIn.HTTP, Instant.EPOCH, ""), bench.decision("a")));

        assertThat(keys)
                .allSatisfy(key -> assertThat(inFlight.ofSubject(TINY, key.subjectKey()))
                        .extracting(Entry::key)
                        .containsExactly(key));
    }

    @Test
    void a_census_counts_what_waits_what_is_in_hand_and_knows_who_waits_longest() {
        inFlight.acceptOnLegacy(item("a"), bench.decision("a"));
        bench.push("b", "c");
        assertThat(inFlight.census(TINY).oldestWaiting()).contains(item("a").acceptedAt());

        bench.list("one", 0, 1).fetch(2, Duration.ofMillis(100));
        var census = inFlight.census(TINY);
        assertThat(census.waiting()).isEqualTo(1);
        assertThat(census.processing()).isEqualTo(2);
        assertThat(census.oldestWaiting()).as("nobody has decided about c yet").isEmpty();
        assertThat(census.book()).containsOnlyKeys(key("a"));
    }
}
