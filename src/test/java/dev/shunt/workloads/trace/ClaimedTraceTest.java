package dev.shunt.workloads.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.core.Claim;
import dev.shunt.core.ItemHandler.Outcome;
import dev.shunt.core.Stamp;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The workflow of a trace whose argument is a reference. */
class ClaimedTraceTest {

    private final WorkflowRig rig = new WorkflowRig(false);
    private final Stamp stamp = rig.item().stamp(WorkflowRig.decision());
    private final byte[] body = stamp.appendTo(WorkflowRig.MESSAGE);
    private final Claim claim = Claim.of(body);

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void the_store_gets_the_body_with_the_evidence_that_the_argument_lacks() {
        rig.bodies.kept.put(claim, body);

        assertThat(run()).isEqualTo(new TraceWorkflow.Result("STORED", true));

        assertThat(rig.effects.deliveries).singleElement().satisfies(delivery -> {
            assertThat(delivery.message()).isEqualTo(WorkflowRig.MESSAGE);
            assertThat(delivery.stamp()).isEqualTo(stamp);
        });
        assertThat(rig.settled()).isTrue();
    }

    @Test
    void a_body_that_an_earlier_acceptance_left_serves_a_later_one_with_its_own_stamp() {
        Stamp earlier = new Stamp(
                rig.key, stamp.decision(), stamp.wayIn(), stamp.acceptedAt().minusSeconds(90_000), stamp.evidence());
        rig.bodies.kept.put(claim, earlier.appendTo(WorkflowRig.MESSAGE));

        assertThat(run().outcome()).isEqualTo("STORED");

        assertThat(rig.effects.deliveries)
                .singleElement()
                .satisfies(delivery -> assertThat(delivery.stamp()).isEqualTo(stamp));
    }

    @Test
    void a_missing_body_is_waited_for() {
        WorkflowStub workflow = start();
        rig.environment.sleep(Duration.ofMinutes(10));
        assertThat(rig.effects.steps).isEmpty();

        rig.bodies.kept.put(claim, body);

        assertThat(workflow.getResult(TraceWorkflow.Result.class).outcome()).isEqualTo("STORED");
        assertThat(rig.effects.letters).isEmpty();
    }

    @Test
    void without_its_body_it_ends_once_its_item_is_settled_elsewhere() {
        WorkflowStub workflow = start();
        rig.environment.sleep(Duration.ofMinutes(10));

        rig.done.add(rig.key);

        assertThat(workflow.getResult(TraceWorkflow.Result.class))
                .isEqualTo(new TraceWorkflow.Result("DUPLICATE", true));
        assertThat(rig.effects.steps).isEmpty();
    }

    @Test
    void a_corrupted_body_ends_the_workflow_and_the_legacy_route_does_the_work() {
        rig.bodies.kept.put(claim, "{\"spoilt\":1}".getBytes(UTF_8));

        assertThatThrownBy(this::run).isInstanceOf(WorkflowFailedException.class);

        assertThat(rig.inFlight.waiting(WorkflowRig.TRACE)).isEqualTo(List.of(rig.key));
        assertThat(rig.effects.steps).isEmpty();
    }

    @Test
    void a_corrupted_body_of_an_item_that_the_registry_has_lost_is_buried_as_it_is() {
        byte[] spoilt = "{\"spoilt\":1}".getBytes(UTF_8);
        rig.bodies.kept.put(claim, spoilt);
        rig.inFlight.settle(WorkflowRig.TRACE, List.of(rig.key));

        assertThatThrownBy(this::run).isInstanceOf(WorkflowFailedException.class);

        assertThat(rig.effects.letters).singleElement().satisfies(letter -> {
            assertThat(letter.raw()).isEqualTo(spoilt);
            assertThat(letter.key()).isEqualTo(rig.key);
            assertThat(letter.reason()).contains("corrupted", claim.sha256());
        });
    }

    @Test
    void a_dead_letter_holds_the_message_and_not_the_reference() {
        rig.bodies.kept.put(claim, body);
        rig.effects.thenPersist(new Outcome.Rejected("spans[0].id holds NUL"));

        assertThatThrownBy(this::run).isInstanceOf(WorkflowFailedException.class);

        assertThat(rig.effects.letters)
                .singleElement()
                .satisfies(letter -> assertThat(letter.raw()).isEqualTo(WorkflowRig.MESSAGE));
        assertThat(rig.settled()).isTrue();
    }

    private TraceWorkflow.Result run() {
        return start().getResult(TraceWorkflow.Result.class);
    }

    private WorkflowStub start() {
        return rig.start(stamp.withoutEvidence().appendTo(claim.reference()));
    }
}
