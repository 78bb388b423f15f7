package dev.shunt.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.core.Item;
import dev.shunt.core.Percentage;
import dev.shunt.core.Reason;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.WayIn;
import dev.shunt.workloads.echo.EchoMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The sweeper and the recall against a real server: the part of {@link TemporalRouteTest} that needs no starts. */
abstract class TemporalSweepTest extends TemporalSuite {

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
        start(TemporalRig.settings(line.address()).deadline(Duration.ofSeconds(1)))
                .connected();
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
