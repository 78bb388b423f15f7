package dev.shunt.temporal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.Epoch;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.core.RouteGateway.Dispatch;
import dev.shunt.core.Sha256;
import dev.shunt.core.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The route against a real server: the development server, where its tool is there. */
class TemporalRouteTest extends TemporalSweepTest {

    @Test
    void an_item_is_registered_started_stored_and_settled() {
        startConnected();
        Item item = item("one", "hello");

        assertThat(dispatch(item)).isEqualTo(new Dispatch.Accepted(TemporalRig.onTemporal(), "echo:" + item.key()));

        rig.awaitStored(prefix + "one", "hello");
        awaitSettled(item.key());
        assertThat(rig.route.state().started()).isEqualTo(1);
    }

    @Test
    void an_item_whose_id_is_longer_than_a_server_takes_runs_under_its_hash() {
        startConnected();
        String id = "x".repeat(1_001 - prefix.length());
        Item item = item(id, "hello");
        String hashed = "echo:sha256:" + Sha256.hex(item.key().value());

        assertThat(dispatch(item)).isEqualTo(new Dispatch.Accepted(TemporalRig.onTemporal(), hashed));

        rig.awaitStored(prefix + id, "hello");
        awaitSettled(item.key());
        assertThat(rig.gateway.describe(TemporalRig.ECHO, item.key()))
                .hasValueSatisfying(
                        run -> assertThat(run.workflowId()).isEqualTo(hashed).hasSizeLessThan(255));
        assertThat(dispatch(item)).as("and is found by it").isEqualTo(new Dispatch.Duplicate(Route.TEMPORAL, hashed));
    }

    @Test
    void the_same_item_while_it_runs_is_a_duplicate() {
        startConnected();
        Item item = item("twice", "wait");
        dispatch(item);

        assertThat(dispatch(item)).isEqualTo(new Dispatch.Duplicate(Route.TEMPORAL, "echo:" + item.key()));
    }

    @Test
    void an_item_that_is_done_and_sent_again_is_a_duplicate_that_the_sweeper_drops() {
        startConnected();
        Item item = item("again", "hello");
        dispatch(item);
        awaitSettled(item.key());
        await().atMost(SOON).until(() -> status(item.key()).equals("COMPLETED"));

        assertThat(dispatch(item)).isEqualTo(new Dispatch.Duplicate(Route.TEMPORAL, "echo:" + item.key()));
        rig.done.add(item.key());
        rig.sweeper.sweep(TemporalRig.ECHO, Duration.ZERO);

        assertThat(inFlight.find(TemporalRig.ECHO, item.key())).isEmpty();
        assertThat(inFlight.waiting(TemporalRig.ECHO)).isEmpty();
    }

    @Test
    void while_temporal_is_away_items_go_to_legacy_at_once_and_it_connects_when_it_comes() {
        line.cut();
        start(TemporalRig.settings(line.address()));
        Item early = item("early", "hello");
        Instant before = Instant.now();

        assertThat(dispatch(early)).isEqualTo(onLegacy(Reason.FALLBACK));

        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(3));
        assertThat(inFlight.waiting(TemporalRig.ECHO)).containsExactly(early.key());
        assertThat(rig.route.state().fault()).isNotNull();
        line.mend();
        rig.connected();
        assertThat(dispatch(item("late", "hello"))).isInstanceOf(Dispatch.Accepted.class);
        rig.awaitStored(prefix + "late", "hello");
    }

    @Test
    void a_start_that_is_not_answered_falls_back_within_the_deadline() {
        start(TemporalRig.settings(line.address()).deadline(Duration.ofSeconds(1)))
                .connected();
        Item item = item("silent", "hello");
        line.swallow();
        Instant before = Instant.now();

        assertThat(dispatch(item)).isEqualTo(onLegacy(Reason.FALLBACK));

        assertThat(Duration.between(before, Instant.now())).isBetween(Duration.ofMillis(900), Duration.ofSeconds(5));
        assertThat(rig.diverted(Reason.FALLBACK, "deadline")).isEqualTo(1);
        Stamp stamp = inFlight.waitingStamps(TemporalRig.ECHO).getFirst();
        assertThat(stamp.key()).isEqualTo(item.key());
        assertThat(stamp.decision().reason()).isEqualTo(Reason.FALLBACK);
    }

    @Test
    void a_server_that_goes_away_is_noticed_and_found_again() {
        startConnected();
        line.cut();

        await().atMost(SOON).until(() -> !rig.route.state().connected());
        assertThat(dispatch(item("gone", "hello"))).isEqualTo(onLegacy(Reason.FALLBACK));

        line.mend();
        rig.connected();
        assertThat(dispatch(item("back", "hello"))).isInstanceOf(Dispatch.Accepted.class);
        rig.awaitStored(prefix + "back", "hello");
    }

    @Test
    void after_five_failed_starts_the_breaker_sends_items_to_legacy_without_a_try() {
        start(TemporalRig.settings(line.address()).deadline(Duration.ofMillis(100)))
                .connected();
        line.swallow();
        for (int i = 0; i < 5; i++) {
            assertThat(dispatch(item("failing" + i, "hello"))).isEqualTo(onLegacy(Reason.FALLBACK));
        }

        assertThat(rig.route.state().breaker()).isEqualTo("OPEN");
        assertThat(dispatch(item("refused", "hello"))).isEqualTo(onLegacy(Reason.FALLBACK));
        assertThat(rig.diverted(Reason.FALLBACK, "breaker_open")).isEqualTo(1);

        line.mend();
        await().atMost(SOON)
                .until(() -> !rig.route.state().breaker().equals("OPEN")
                        && rig.route.state().connected());
        await().atMost(SOON)
                .until(() -> dispatch(item(UUID.randomUUID().toString(), "hello")) instanceof Dispatch.Accepted accepted
                        && accepted.workflowId() != null);
    }

    @Test
    void an_item_decided_before_a_rollback_goes_to_legacy() {
        startConnected();
        inFlight.raiseFence(TemporalRig.ECHO, new Epoch(8));

        Item item = item("fenced", "hello");
        assertThat(dispatch(item)).isEqualTo(onLegacy(Reason.FENCED));

        assertThat(inFlight.waiting(TemporalRig.ECHO)).containsExactly(item.key());
    }

    @Test
    void an_item_too_large_for_a_workflow_goes_to_legacy() {
        startConnected();

        assertThat(dispatch(item("large", "x".repeat(1_500_000)))).isEqualTo(onLegacy(Reason.FALLBACK));
    }

    @Test
    void above_the_ceiling_items_go_to_legacy_until_a_workflow_has_closed() {
        start(TemporalRig.settings(line.address()).inFlight(1)).connected();
        Item first = item("first", "wait");
        dispatch(first);

        assertThat(dispatch(item("second", "hello"))).isEqualTo(onLegacy(Reason.CAPPED));

        assertThat(dispatch(first)).as("its own place stays").isInstanceOf(Dispatch.Duplicate.class);
        assertThat(dispatch(item("third", "hello"))).isEqualTo(onLegacy(Reason.CAPPED));
        rig.gateway.signal(TemporalRig.ECHO, first.key(), "go", "\"test\"".getBytes(UTF_8));
        await().atMost(SOON).until(() -> rig.route.state().inFlight() == 0);
        assertThat(dispatch(item("fourth", "hello")))
                .isEqualTo(new Dispatch.Accepted(
                        TemporalRig.onTemporal(),
                        "echo:" + item("fourth", "hello").key()));
    }

    @Test
    void while_redis_is_away_nothing_is_accepted() {
        startConnected();
        inFlight.away(true);

        assertThat(dispatch(item("nowhere", "hello"))).isInstanceOf(Dispatch.Refused.class);
    }

    @Test
    void an_item_that_could_neither_be_started_nor_handed_over_is_accepted_and_left_to_the_sweeper() {
        start(TemporalRig.settings(line.address()).deadline(Duration.ofSeconds(3)))
                .connected();
        Item item = item("stuck", "hello");
        line.swallow();
        var answer = CompletableFuture.supplyAsync(() -> dispatch(item));
        await().atMost(SOON)
                .until(() -> inFlight.find(TemporalRig.ECHO, item.key()).isPresent());
        inFlight.away(true);

        assertThat(answer.join()).isEqualTo(new Dispatch.Accepted(TemporalRig.onTemporal(), "echo:" + item.key()));

        inFlight.away(false);
        line.mend();
        rig.connected();
        // A task that the server gave to a poll of the broken line is given anew after its time of ten seconds.
        await().atMost(SOON.multipliedBy(3)).until(() -> {
            rig.sweeper.sweep(TemporalRig.ECHO, Duration.ZERO);
            return rig.table.text("p", prefix + "stuck").isPresent();
        });
    }

    @Test
    void a_running_item_can_be_described_signalled_and_cancelled() {
        startConnected();
        Item item = item("signal", "wait");
        dispatch(item);
        assertThat(rig.gateway.describe(TemporalRig.ECHO, item.key())).hasValueSatisfying(found -> {
            assertThat(found.status()).isEqualTo("RUNNING");
            assertThat(found.workflowId()).isEqualTo("echo:" + item.key());
            assertThat(found.runId()).isNotBlank();
        });

        byte[] by = "\"test\"".getBytes(UTF_8);
        assertThat(rig.gateway.signal(TemporalRig.ECHO, item.key(), "go", by)).isTrue();
        rig.awaitStored(prefix + "signal", "wait");

        Item other = item("cancel", "wait");
        dispatch(other);
        assertThat(rig.gateway.cancel(TemporalRig.ECHO, other.key(), "test")).isTrue();
        await().atMost(SOON).until(() -> status(other.key()).equals("CANCELED"));
        Item unknown = item("unknown", "wait");
        assertThat(rig.gateway.describe(TemporalRig.ECHO, unknown.key())).isEmpty();
        assertThat(rig.gateway.cancel(TemporalRig.ECHO, unknown.key(), "test")).isFalse();
    }

    @Test
    void a_tapped_item_is_started_in_the_background() {
        startConnected();
        Item item = item("tapped", "hello");
        inFlight.register(item, TemporalRig.onTemporal());

        assertThat(rig.starter.offer(TemporalRig.ECHO, item.stamp(TemporalRig.onTemporal()), item.message()))
                .isTrue();

        rig.awaitStored(prefix + "tapped", "hello");
    }

    @Test
    void a_tapped_item_whose_start_fails_goes_to_legacy() {
        start(TemporalRig.settings(line.address()).deadline(Duration.ofSeconds(1)))
                .connected();
        line.swallow();
        Item item = item("tapped-in-vain", "hello");
        inFlight.register(item, TemporalRig.onTemporal());

        rig.starter.offer(TemporalRig.ECHO, item.stamp(TemporalRig.onTemporal()), item.message());

        await().atMost(SOON).until(() -> inFlight.waiting(TemporalRig.ECHO).contains(item.key()));
        assertThat(inFlight.waitingStamps(TemporalRig.ECHO)
                        .getFirst()
                        .decision()
                        .reason())
                .isEqualTo(Reason.FALLBACK);
    }

    @Test
    void a_start_that_would_come_too_late_is_given_up() {
        start(TemporalRig.settings(line.address()).deadline(Duration.ofSeconds(2)))
                .connected();
        line.swallow();
        Item blocking = item("blocking", "hello");
        Item late = item("late-start", "hello");
        List.of(blocking, late).forEach(item -> {
            inFlight.register(item, TemporalRig.onTemporal());
            rig.starter.offer(TemporalRig.ECHO, item.stamp(TemporalRig.onTemporal()), item.message());
        });

        rig.clock.advance(Duration.ofSeconds(6));

        await().atMost(SOON).until(() -> inFlight.waiting(TemporalRig.ECHO).contains(late.key()));
        assertThat(rig.diverted(Reason.FALLBACK, "late")).isGreaterThanOrEqualTo(1);
    }

    @Test
    void when_starts_become_slow_who_is_not_near_its_turn_goes_to_legacy_at_once_in_order() {
        start(TemporalRig.settings(line.address()).deadline(Duration.ofSeconds(2)))
                .connected();
        line.swallow();
        List<Item> items = IntStream.range(0, 30)
                .mapToObj(i -> item("slow-%02d".formatted(i), "hello"))
                .toList();
        items.forEach(item -> {
            inFlight.register(item, TemporalRig.onTemporal());
            assertThat(rig.starter.offer(TemporalRig.ECHO, item.stamp(TemporalRig.onTemporal()), item.message()))
                    .isTrue();
        });

        // one start of 2 s: no more than 4 have their turn within a second, and the clock of lateness stands still
        await().atMost(SOON)
                .until(() ->
                        inFlight.waiting(TemporalRig.ECHO).contains(items.get(5).key()));
        List<ItemKey> capped = inFlight.waitingStamps(TemporalRig.ECHO).stream()
                .filter(stamp -> stamp.decision().reason() == Reason.CAPPED)
                .map(Stamp::key)
                .toList();
        assertThat(capped.subList(capped.size() - 25, capped.size()))
                .as("the oldest is the next that legacy takes")
                .isEqualTo(items.subList(5, 30).stream().map(Item::key).toList());
        assertThat(rig.diverted(Reason.CAPPED, "queue")).isGreaterThanOrEqualTo(24);
        assertThat(IntStream.range(0, 10).mapToObj(i -> item("more" + i, "hello")))
                .filteredOn(more ->
                        rig.starter.offer(TemporalRig.ECHO, more.stamp(TemporalRig.onTemporal()), more.message()))
                .hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void a_full_starter_queue_says_so() {
        start(TemporalRig.settings(line.address()).queue(1).deadline(Duration.ofSeconds(2)))
                .connected();
        line.swallow();
        Item blocking = item("b0", "hello");
        rig.starter.offer(TemporalRig.ECHO, blocking.stamp(TemporalRig.onTemporal()), blocking.message());
        Item queued = item("b1", "hello");
        await().atMost(SOON)
                .until(() ->
                        rig.starter.offer(TemporalRig.ECHO, queued.stamp(TemporalRig.onTemporal()), queued.message()));
        Item tooMany = item("b2", "hello");

        assertThat(rig.starter.offer(TemporalRig.ECHO, tooMany.stamp(TemporalRig.onTemporal()), tooMany.message()))
                .isFalse();
        assertThat(rig.starter.offer(TemporalRig.ECHO, queued.stamp(TemporalRig.onTemporal()), queued.message()))
                .as("it is in the queue already")
                .isTrue();
    }
}
