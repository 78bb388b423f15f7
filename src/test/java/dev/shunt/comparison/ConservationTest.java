package dev.shunt.comparison;

import static dev.shunt.comparison.TestLedger.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.shunt.comparison.DivergenceLog.Entry;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.core.StandIn;
import dev.shunt.embedded.TestBackends;
import dev.shunt.legacy.TestInFlight;
import dev.shunt.store.TestSettled;
import dev.shunt.store.TestStandIn;
import dev.shunt.workloads.trace.TestTraces;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every accepted item is somewhere, or reported as missing. */
class ConservationTest {

    private final ComparisonRig rig = new ComparisonRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void an_accepted_item_that_is_nowhere_is_missing_after_two_looks() {
        Item lost = rig.accept(TestTraces.item("lost", rig.start.minusSeconds(60)));
        Item waiting = rig.accept(TestTraces.item("waiting", rig.start.minusSeconds(60)));
        Item done = rig.traces.store(rig.accept(TestTraces.item("done", rig.start.minusSeconds(60))));
        rig.removeFromList(lost);
        rig.removeFromList(done);

        rig.conservation.look();
        assertThat(rig.conservation.last().missing()).isEmpty();
        rig.clock.advance(Duration.ofSeconds(10));
        rig.conservation.look();

        assertThat(rig.conservation.last().missing()).containsOnlyKeys(lost.key());
        assertThat(rig.list())
                .extracting(Entry::kind, Entry::path, Entry::item)
                .containsExactly(tuple(Kind.MISSING, "item", lost.key().value()));
        assertThat(rig.meters.get("shunt.missing.keys").gauge().value()).isEqualTo(1);
        assertThat(waiting.key()).isNotIn(rig.conservation.last().missing().keySet());

        rig.traces.store(lost);
        rig.conservation.look();
        assertThat(rig.conservation.last().missing()).isEmpty();
    }

    @Test
    void what_somebody_else_wrote_into_the_book_is_shown_and_stops_nobody() {
        Item waiting = rig.accept(TestTraces.item("waiting", rig.start));
        rig.intoBook(waiting.key().subjectKey() + ":0000000000000000", "garbage|1|2");
        rig.intoBook("no key at all", "LEGACY|1|2|LEGACY|FLAG|1|0|TAP");

        rig.conservation.look();
        rig.openItems().copy();

        assertThat(rig.conservation.failures()).isZero();
        assertThat(rig.state(waiting)).containsExactly("OPEN/TAP/LEGACY");
        assertThat(rig.inFlight.ofSubject(ComparisonRig.TRACE, waiting.key().subjectKey()))
                .hasSize(1);
        assertThat(rig.report().redis()).isEqualTo("up");
        assertThat(rig.list())
                .extracting(Entry::kind, Entry::path)
                .containsExactlyInAnyOrder(
                        tuple(Kind.EXTRA, "book[" + waiting.key().subjectKey() + ":0000000000000000]"),
                        tuple(Kind.EXTRA, "book[no key at all]"));
    }

    @Test
    void an_open_ledger_row_that_redis_forgot_is_missing_too() {
        rig.rows.row(
                key("forgotten"),
                "OPEN",
                "TEMPORAL",
                "TEMPORAL",
                "FLAG",
                rig.start.minusSeconds(60),
                ComparisonRig.SECOND);

        rig.conservation.look();
        rig.clock.advance(Duration.ofSeconds(10));
        rig.conservation.look();

        assertThat(rig.conservation.last().missing()).containsOnlyKeys(new ItemKey(key("forgotten")));
    }

    @Test
    void an_item_open_for_long_is_copied_into_the_ledger_and_taken_over_when_it_is_stored() {
        Item slow = rig.accept(TestTraces.item("slow", rig.start));
        Item fresh = rig.accept(TestTraces.item("fresh", rig.clock.instant().minusSeconds(5)));
        OpenItems open = rig.openItems();

        open.copy();
        open.copy();

        assertThat(rig.state(slow)).containsExactly("OPEN/TAP/LEGACY");
        assertThat(rig.state(fresh)).isEmpty();
        assertThat(rig.report().routes().get(Route.LEGACY)).satisfies(legacy -> {
            assertThat(legacy.accepted()).isEqualTo(2);
            assertThat(legacy.inFlight()).isEqualTo(2);
        });
        rig.traces.store(slow);
        open.copy();
        assertThat(rig.state(slow)).containsExactly("DONE/TAP/LEGACY");
    }

    @Test
    void what_redis_forgot_is_told_apart_from_what_its_lists_lost() {
        Item forgotten = rig.accept(TestTraces.item("forgotten", rig.start));
        Item unlisted = rig.accept(TestTraces.item("unlisted", rig.start));
        rig.openItems().copy();
        rig.inFlight.settle(ComparisonRig.TRACE, List.of(forgotten.key()));
        rig.removeFromList(forgotten);
        rig.removeFromList(unlisted);

        rig.conservation.look();
        rig.clock.advance(Duration.ofSeconds(10));
        rig.conservation.look();

        assertThat(rig.conservation.last().missing()).containsOnlyKeys(forgotten.key(), unlisted.key());
        assertThat(rig.conservation.last().forgotten()).containsExactly(forgotten.key());
        assertThat(rig.report().conservation().forgotten())
                .containsExactly(forgotten.key().value());
        assertThat(rig.meters.get("shunt.redis.forgotten.keys").gauge().value()).isEqualTo(1);
    }

    @Test
    void a_redis_that_was_started_anew_is_noticed_once_and_named_in_the_report() {
        try (var server = TestBackends.dedicatedRedis();
                var book = new TestInFlight(server.url(), ComparisonRig.CATALOG, TestTraces.codec(), rig.clock)) {
            var watched = new Conservation(
                    ComparisonRig.TRACE,
                    book.inFlight(),
                    TestSettled.in(rig.database),
                    rig.ledger,
                    rig.divergences,
                    ComparisonRig.SETTINGS,
                    rig.clock,
                    new SimpleMeterRegistry());
            watched.look();
            watched.look();
            assertThat(watched.last().redisRestartedAt()).isNull();
            server.kill9();
            watched.look();
            assertThat(watched.failures()).as("it was away").isEqualTo(1);
            server.start();
            rig.clock.advance(ComparisonRig.SECOND);
            Instant noticed = rig.clock.instant();
            await().until(() -> lookedWell(watched));
            assertThat(watched.last().redisRestartedAt()).isEqualTo(noticed);
            rig.clock.advance(ComparisonRig.SECOND);
            watched.look();
            assertThat(rig.report(watched).conservation().redisRestartedAt()).isEqualTo(noticed);
        }
    }

    @Test
    void an_item_that_stands_in_postgres_is_open_and_not_missing() {
        StandIn standIn = TestStandIn.in(rig.database);
        Item item = TestTraces.item("standing", rig.start);
        assertThat(standIn.keep(item, TestTraces.onLegacy(item).divertedToLegacy(Reason.STANDBY)))
                .isTrue();
        assertThat(standIn.keep(item, TestTraces.onLegacy(item).divertedToLegacy(Reason.STANDBY)))
                .isFalse();
        rig.openItems().copy();

        rig.conservation.look();
        rig.clock.advance(Duration.ofSeconds(10));
        rig.conservation.look();

        assertThat(rig.state(item)).containsExactly("OPEN/TAP/LEGACY");
        assertThat(rig.conservation.last().missing()).isEmpty();
    }

    private static boolean lookedWell(Conservation watched) {
        long before = watched.failures();
        watched.look();
        return watched.failures() == before;
    }
}
