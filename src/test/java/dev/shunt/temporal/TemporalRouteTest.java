package dev.shunt.temporal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.core.Epoch;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Percentage;
import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.core.RouteGateway.Description;
import dev.shunt.core.RouteGateway.Dispatch;
import dev.shunt.core.Stamp;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.WayIn;
import dev.shunt.embedded.TemporalServerHandle;
import dev.shunt.embedded.TestBackends;
import dev.shunt.workloads.echo.EchoMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The route against a real server; one suite for the in-memory server and the development server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TemporalRouteTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final DataSource database = TestBackends.migratedDatabase();
    private final String prefix = UUID.randomUUID().toString().substring(0, 8);
    private @Nullable TemporalServerHandle server;
    private InMemoryInFlight inFlight = new InMemoryInFlight();

    @SuppressWarnings("NullAway.Init") // made for each test
    private CuttableLine line;

    @SuppressWarnings("NullAway.Init")
    private TemporalRig rig;

    abstract TemporalServerHandle startServer();

    @BeforeAll
    void open() {
        server = startServer();
        line = new CuttableLine(server.address());
    }

    @AfterAll
    void close() {
        if (server != null) {
            line.close();
            server.close();
        }
    }

    private TemporalRig start(TemporalRig.Settings settings) {
        inFlight = new InMemoryInFlight();
        rig = new TemporalRig(settings, inFlight, database);
        return rig;
    }

    private TemporalRig startConnected() {
        return start(TemporalRig.settings(line.address())).connected();
    }

    @AfterEach
    void stop() {
        line.mend();
        rig.close();
    }

    private Item item(String id, String text) {
        return rig.item(prefix + id, text);
    }

    private Dispatch dispatch(Item item) {
        return rig.gateway.dispatch(item, TemporalRig.onTemporal());
    }

    private static Dispatch.Accepted onLegacy(Reason reason) {
        return new Dispatch.Accepted(TemporalRig.onTemporal().divertedToLegacy(reason), null);
    }

    private String status(ItemKey key) {
        return rig.gateway
                .describe(TemporalRig.ECHO, key)
                .map(Description::status)
                .orElse("NOT_FOUND");
    }

    private void awaitSettled(ItemKey key) {
        await().atMost(SOON).until(() -> inFlight.find(TemporalRig.ECHO, key).isEmpty());
    }

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

        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofMillis(500));
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

        assertThat(Duration.between(before, Instant.now())).isBetween(Duration.ofMillis(900), Duration.ofMillis(1_800));
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
        await().atMost(SOON).until(() -> {
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
    void a_registered_item_without_a_workflow_is_started_again_by_the_sweeper() {
        startConnected();
        Item item = item("lost", "hello");
        inFlight.register(item, TemporalRig.onTemporal());

        rig.sweeper.sweep(TemporalRig.ECHO, Duration.ZERO);

        rig.awaitStored(prefix + "lost", "hello");
        awaitSettled(item.key());
        assertThat(inFlight.waiting(TemporalRig.ECHO)).isEmpty();
    }

    @Test
    void what_was_in_flight_at_the_start_is_dispatched_again_at_once() {
        inFlight = new InMemoryInFlight();
        Item item = new EchoMessage(prefix + "old", "p", "hello").item(WayIn.HTTP, Instant.now());
        inFlight.register(item, TemporalRig.onTemporal());

        rig = new TemporalRig(TemporalRig.settings(line.address()).sweeping(), inFlight, database);

        rig.awaitStored(prefix + "old", "hello");
        awaitSettled(item.key());
    }

    @Test
    void a_registered_item_goes_to_legacy_when_the_flag_says_so_now() {
        startConnected();
        Item item = item("off", "hello");
        inFlight.register(item, TemporalRig.onTemporal());
        rig.now = TemporalRig.decision(Percentage.ZERO, 8);

        rig.sweeper.sweep(TemporalRig.ECHO, Duration.ZERO);

        assertThat(inFlight.waitingStamps(TemporalRig.ECHO)).singleElement().satisfies(stamp -> {
            assertThat(stamp.key()).isEqualTo(item.key());
            assertThat(stamp.decision().reason()).isEqualTo(Reason.RECALL);
        });
    }

    @Test
    void the_sweeper_leaves_what_runs_what_is_young_and_what_it_cannot_judge() {
        startConnected();
        Item running = item("running", "wait");
        dispatch(running);
        Item young = item("young", "hello");
        inFlight.register(young, TemporalRig.onTemporal());

        rig.sweeper.sweep(TemporalRig.ECHO, Duration.ofSeconds(10));
        rig.now = TemporalRig.unreadable();
        rig.sweeper.sweep(TemporalRig.ECHO, Duration.ZERO);

        assertThat(inFlight.census(TemporalRig.ECHO).registry()).containsExactlyInAnyOrder(running.key(), young.key());
        assertThat(status(running.key())).isEqualTo("RUNNING");
        assertThat(status(young.key())).isEqualTo("NOT_FOUND");
    }

    @Test
    void the_sweeper_touches_nothing_while_temporal_is_away() {
        startConnected();
        Item item = item("unseen", "hello");
        inFlight.register(item, TemporalRig.onTemporal());
        rig.now = TemporalRig.decision(Percentage.ZERO, 8);
        line.swallow();

        assertThatThrownBy(() -> rig.sweeper.sweep(TemporalRig.ECHO, Duration.ZERO))
                .isInstanceOf(UnavailableException.class);

        assertThat(inFlight.census(TemporalRig.ECHO).registry()).containsExactly(item.key());
    }

    @Test
    void a_workflow_that_was_ended_by_hand_is_started_again() {
        startConnected();
        Item item = item("ended", "wait");
        dispatch(item);
        rig.gateway.cancel(TemporalRig.ECHO, item.key(), "by hand");
        await().atMost(SOON).until(() -> status(item.key()).equals("CANCELED"));

        rig.sweeper.sweep(TemporalRig.ECHO, Duration.ZERO);

        await().atMost(SOON).until(() -> status(item.key()).equals("RUNNING"));
    }

    @Test
    void what_is_done_leaves_the_registry_even_if_its_settle_was_lost() {
        startConnected();
        Item item = item("done", "hello");
        inFlight.register(item, TemporalRig.onTemporal());
        rig.done.add(item.key());

        rig.sweeper.sweep(TemporalRig.ECHO, Duration.ZERO);

        assertThat(inFlight.find(TemporalRig.ECHO, item.key())).isEmpty();
        assertThat(status(item.key())).isEqualTo("NOT_FOUND");
    }

    @Test
    void what_died_between_the_look_at_the_ledger_and_the_look_at_temporal_is_not_started_again() {
        startConnected();
        Item item = item("died", "wait");
        dispatch(item);
        rig.gateway.cancel(TemporalRig.ECHO, item.key(), "stands for a failure");
        await().atMost(SOON).until(() -> status(item.key()).equals("CANCELED"));
        rig.afterLedger = () -> rig.done.add(item.key());

        rig.sweeper.sweep(TemporalRig.ECHO, Duration.ZERO);

        assertThat(inFlight.find(TemporalRig.ECHO, item.key())).isEmpty();
        assertThat(rig.starts("started")).isEqualTo(1);
    }

    @Test
    void a_completed_workflow_whose_item_stays_unsettled_is_finished_by_legacy() {
        startConnected();
        Item item = item("half", "hello");
        dispatch(item);
        awaitSettled(item.key());
        await().atMost(SOON).until(() -> status(item.key()).equals("COMPLETED"));
        inFlight.register(item, TemporalRig.onTemporal());

        rig.sweeper.sweep(TemporalRig.ECHO, Duration.ZERO);
        assertThat(inFlight.waiting(TemporalRig.ECHO))
                .as("the background pass may still finish it")
                .isEmpty();
        rig.clock.advance(Duration.ofMinutes(4));
        rig.sweeper.sweep(TemporalRig.ECHO, Duration.ZERO);

        assertThat(inFlight.waiting(TemporalRig.ECHO)).containsExactly(item.key());
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

    @Test
    void a_recall_hands_everything_back_oldest_first_and_cancels_the_workflows() {
        startConnected();
        Instant start = Instant.now();
        List<Item> items = List.of(
                rig.item(prefix + "r0", "wait", start),
                rig.item(prefix + "r1", "wait", start.plusMillis(1)),
                rig.item(prefix + "r2", "wait", start.plusMillis(2)));
        items.forEach(this::dispatch);

        assertThat(rig.recaller.recall(TemporalRig.ECHO)).isEqualTo(3);

        assertThat(inFlight.waiting(TemporalRig.ECHO))
                .containsExactlyElementsOf(items.stream().map(Item::key).toList());
        assertThat(inFlight.census(TemporalRig.ECHO).registry()).isEmpty();
        await().atMost(SOON)
                .until(() -> items.stream().allMatch(item -> status(item.key()).equals("CANCELED")));
        assertThat(rig.recaller.recall(TemporalRig.ECHO)).isZero();
    }

    @Test
    void a_recall_needs_no_temporal() {
        startConnected();
        Item item = item("taken-back", "wait");
        dispatch(item);
        line.cut();

        assertThat(rig.recaller.recall(TemporalRig.ECHO)).isEqualTo(1);

        assertThat(inFlight.waiting(TemporalRig.ECHO)).containsExactly(item.key());
    }
}
