package dev.shunt.workloads.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.core.ItemHandler.Outcome;
import dev.shunt.embedded.TestBackends;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real histories against what the preflight believes of them: none may hold more, and no bound may be far above. */
class TraceHistoryTest {

    private static final int LARGE = 600_000;

    @ParameterizedTest
    @CsvSource({"false, 6, 1", "true, 12, 2"})
    void a_usual_run_is_as_long_as_its_steps_and_holds_its_message_as_often_as_it_was_handed_on(
            boolean remote, int events, long times) {
        try (var rig = WorkflowRig.at(TestBackends.temporalAddress(), remote)) {
            byte[] argument = large(rig);
            WorkflowStub stub = rig.start(argument);
            stub.getResult(TraceWorkflow.Result.class);

            Held held = Held.by(rig, stub);
            assertThat(held.events()).isEqualTo(events);
            assertThat(held.bytes()).isBetween(LARGE * times, LARGE * times + 30_000);
            held.assertWithin(argument.length);
        }
    }

    @Test
    void the_run_that_holds_most_is_within_the_bound_which_is_not_twice_as_much() {
        try (var rig = WorkflowRig.at(TestBackends.temporalAddress(), false)) {
            rig.effects.thenPersistFails(1).thenPersist(new Outcome.Rejected("spans[0].id holds NUL"));
            byte[] argument = large(rig);
            WorkflowStub stub = rig.start(argument);
            assertThatThrownBy(() -> stub.getResult(TraceWorkflow.Result.class))
                    .isInstanceOf(WorkflowFailedException.class);

            Held held = Held.by(rig, stub);
            held.assertWithin(argument.length);
            assertThat(TraceWorkflowBinding.STEPS.bytes(argument.length)).isLessThan(2 * held.bytes());
        }
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void the_longest_run_is_within_the_bound_however_often_its_steps_were_tried(boolean remote) {
        try (var rig = new WorkflowRig(remote)) {
            rig.effects
                    .thenPersistFails(40)
                    .thenPersist(new Outcome.Stored(true))
                    .thenLaterStepsFail(2);
            byte[] argument = large(rig);
            WorkflowStub stub = rig.start(argument);
            assertThat(stub.getResult(TraceWorkflow.Result.class)).isEqualTo(new TraceWorkflow.Result("STORED", true));

            assertThat(rig.effects.steps).hasSizeGreaterThan(43);
            Held held = Held.by(rig, stub);
            held.assertWithin(argument.length);
            assertThat(TraceWorkflowBinding.STEPS.events()).isLessThan(3 * held.events());
        }
    }

    private static byte[] large(WorkflowRig rig) {
        byte[] message = ("{\"ID\":\"t1\",\"ProjectID\":\"p\",\"Text\":\"" + "x".repeat(LARGE) + "\"}").getBytes(UTF_8);
        return rig.item().stamp(WorkflowRig.decision()).appendTo(message);
    }

    /** What a history holds: as it is read, and as the server counts it against its limits, where it tells. */
    private record Held(long events, long bytes) {

        static Held by(WorkflowRig rig, WorkflowStub stub) {
            var history = rig.environment
                    .getWorkflowClient()
                    .fetchHistory(stub.getExecution().getWorkflowId())
                    .getHistory();
            WorkflowExecutionInfo told = stub.describe().getWorkflowExecutionInfo();
            return new Held(
                    Math.max(history.getEventsCount(), told.getHistoryLength()),
                    Math.max(history.getSerializedSize(), told.getHistorySizeBytes()));
        }

        void assertWithin(int argument) {
            assertThat(events).isLessThanOrEqualTo(TraceWorkflowBinding.STEPS.events());
            assertThat(bytes).isLessThanOrEqualTo(TraceWorkflowBinding.STEPS.bytes(argument));
        }
    }
}
