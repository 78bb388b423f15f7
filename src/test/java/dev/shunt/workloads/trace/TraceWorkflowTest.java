package dev.shunt.workloads.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.shunt.core.ItemHandler.Outcome;
import dev.shunt.core.Route;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TraceWorkflowTest {

    private final WorkflowRig rig = new WorkflowRig(false);

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void a_trace_is_stored_by_one_local_step_and_settled() {
        TraceWorkflow.Result result = rig.run();

        assertThat(result).isEqualTo(new TraceWorkflow.Result("STORED", true));
        assertThat(rig.effects.steps).containsExactly("persist");
        assertThat(rig.settled()).isTrue();
        assertThat(rig.history()).doesNotContain("ACTIVITY_TASK_SCHEDULED");
    }

    @Test
    void the_message_reaches_the_store_byte_for_byte_with_its_execution() {
        rig.run();

        assertThat(rig.effects.deliveries).singleElement().satisfies(delivery -> {
            assertThat(delivery.message()).isEqualTo(WorkflowRig.MESSAGE);
            assertThat(delivery.stamp()).isEqualTo(rig.item().stamp(WorkflowRig.decision()));
            assertThat(delivery.route()).isEqualTo(Route.TEMPORAL);
            var execution = Objects.requireNonNull(delivery.execution());
            assertThat(delivery.deliveryId()).isEqualTo("temporal@" + execution.runId());
            assertThat(execution.workflowId()).isEqualTo("trace:" + rig.key);
        });
    }

    @Test
    void a_transient_fault_makes_it_an_ordinary_step_that_retries_without_limit() {
        rig.effects.thenPersistFails(40);

        TraceWorkflow.Result result = rig.run();

        assertThat(result.outcome()).isEqualTo("STORED");
        assertThat(rig.effects.steps).hasSize(41).containsOnly("persist");
        assertThat(rig.effects.letters).isEmpty();
        assertThat(rig.settled()).isTrue();
        assertThat(rig.history()).contains("ACTIVITY_TASK_SCHEDULED");
    }

    @Test
    void retries_within_a_run_deliver_with_the_same_id() {
        rig.effects.thenPersistFails(3);

        rig.run();

        assertThat(rig.effects.deliveries.stream()
                        .map(each -> each.deliveryId())
                        .distinct())
                .hasSize(1);
    }

    @Test
    void tries_and_billed_actions_are_counted_from_the_local_one_on() {
        rig.effects.thenPersistFails(2);

        rig.run();

        assertThat(rig.effects.deliveries)
                .extracting(
                        each -> each.effort().attempts(), each -> each.effort().temporalActions())
                .containsExactly(tuple(1, 2), tuple(2, 3), tuple(3, 4));
        assertThat(rig.effects.deliveries)
                .allSatisfy(each -> assertThat(each.effort().startedAt()).isNotNull());
    }

    @Test
    void what_the_store_left_pending_is_finished_before_it_is_settled() {
        rig.effects.thenPersist(new Outcome.Stored(true));

        TraceWorkflow.Result result = rig.run();

        assertThat(result).isEqualTo(new TraceWorkflow.Result("STORED", true));
        assertThat(rig.effects.steps).containsExactly("persist", "price", "summarise");
        assertThat(rig.settled()).isTrue();
    }

    @Test
    void a_later_step_is_tried_three_times_and_then_left_to_the_background_pass() {
        rig.effects.thenPersist(new Outcome.Stored(true)).thenLaterStepsFail(3);

        TraceWorkflow.Result result = rig.run();

        assertThat(result).isEqualTo(new TraceWorkflow.Result("STORED", false));
        assertThat(rig.effects.steps).containsExactly("persist", "price", "price", "price");
        assertThat(rig.settled())
                .as("an item with pending spans is not settled")
                .isFalse();
    }

    @Test
    void a_replay_after_a_crash_finishes_what_the_crash_left() {
        rig.effects.thenPersist(new Outcome.Replayed());

        assertThat(rig.run()).isEqualTo(new TraceWorkflow.Result("REPLAYED", true));
        assertThat(rig.effects.steps).containsExactly("persist", "price", "summarise");
        assertThat(rig.settled()).isTrue();
    }

    @Test
    void a_trace_that_can_never_be_stored_is_buried_before_its_workflow_fails() {
        rig.effects.thenPersist(new Outcome.Rejected("spans[0].id holds NUL")).thenLaterStepsFail(5);

        assertThatThrownBy(rig::run)
                .isInstanceOf(WorkflowFailedException.class)
                .cause()
                .isInstanceOfSatisfying(ApplicationFailure.class, failure -> {
                    assertThat(failure.getType()).isEqualTo("TraceRejected");
                    assertThat(failure.getOriginalMessage()).isEqualTo("spans[0].id holds NUL");
                    assertThat(failure.isNonRetryable()).isTrue();
                });

        assertThat(rig.effects.letters).singleElement().satisfies(letter -> {
            assertThat(letter.raw()).isEqualTo(WorkflowRig.MESSAGE);
            assertThat(letter.key()).isEqualTo(rig.key);
            assertThat(letter.reason()).isEqualTo("spans[0].id holds NUL");
            assertThat(letter.route()).isEqualTo(Route.TEMPORAL);
        });
        assertThat(rig.settled()).isTrue();
        assertThat(rig.settledBeforeBurial)
                .as("a crash in between would leave no trace of it")
                .isFalse();
    }

    @Test
    void a_rejection_that_shows_only_after_an_outage_is_buried_too() {
        rig.effects.thenPersistFails(2).thenPersist(new Outcome.Rejected("timestamp is before 2000"));

        assertThatThrownBy(rig::run).isInstanceOf(WorkflowFailedException.class);

        assertThat(rig.effects.letters).hasSize(1);
    }

    @Test
    void a_fault_of_our_own_is_tried_three_times_and_then_buried_as_on_the_legacy_route() {
        rig.effects.thenPersistFails(2).thenPersistBreaks(3);

        assertThatThrownBy(rig::run).isInstanceOf(WorkflowFailedException.class);

        assertThat(rig.effects.steps).containsExactly("persist", "persist", "persist", "persist", "persist", "bury");
        assertThat(rig.effects.letters)
                .singleElement()
                .satisfies(letter -> assertThat(letter.reason())
                        .isEqualTo("failed 3 times, last with java.lang.IllegalStateException: unforeseen"));
        assertThat(rig.settled()).isTrue();
    }

    @Test
    void a_fault_of_our_own_that_passes_costs_nothing() {
        rig.effects.thenPersistBreaks(2);

        assertThat(rig.run()).isEqualTo(new TraceWorkflow.Result("STORED", true));
        assertThat(rig.effects.letters).isEmpty();
    }

    @Test
    void an_outage_never_counts_as_one_of_the_three_tries() {
        rig.effects.thenPersistBreaks(2).thenPersistFails(20).thenPersistBreaks(2);

        assertThat(rig.run().outcome()).isEqualTo("STORED");
        assertThat(rig.effects.letters).isEmpty();
    }

    @Test
    void an_argument_without_a_stamp_is_buried() {
        WorkflowStub stub = rig.start("{\"ID\":\"by hand\"}".getBytes(UTF_8));

        assertThatThrownBy(() -> stub.getResult(TraceWorkflow.Result.class))
                .isInstanceOf(WorkflowFailedException.class);

        assertThat(rig.effects.steps).containsExactly("bury");
        assertThat(rig.effects.letters).singleElement().satisfies(letter -> {
            assertThat(letter.key()).isNull();
            assertThat(letter.reason()).contains("no stamp");
        });
    }

    @Test
    void a_settle_that_fails_does_not_fail_the_trace() {
        rig.inFlight.away(true);

        assertThat(rig.run()).isEqualTo(new TraceWorkflow.Result("STORED", true));

        rig.inFlight.away(false);
        assertThat(rig.settled()).as("left to the sweeper").isFalse();
    }

    @Test
    void a_cancelled_workflow_ends_as_cancelled_and_buries_nothing() {
        rig.effects.thenPersistFails(1_000);
        WorkflowStub stub = rig.start();
        rig.environment.sleep(Duration.ofMinutes(2));

        stub.cancel("recalled");

        assertThatThrownBy(() -> stub.getResult(TraceWorkflow.Result.class))
                .isInstanceOf(WorkflowFailedException.class)
                .cause()
                .isInstanceOf(CanceledFailure.class);
        assertThat(rig.effects.letters).isEmpty();
        assertThat(rig.settled()).isFalse();
    }

    @Test
    void with_remote_steps_everything_runs_as_ordinary_activities() {
        try (var remote = new WorkflowRig(true)) {
            assertThat(remote.run()).isEqualTo(new TraceWorkflow.Result("STORED", true));
            assertThat(remote.effects.steps).containsExactly("persist");
            assertThat(remote.history()).contains("ACTIVITY_TASK_COMPLETED");
        }
    }
}
