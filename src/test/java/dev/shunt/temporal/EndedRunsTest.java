package dev.shunt.temporal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.core.Claim;
import dev.shunt.core.Epoch;
import dev.shunt.core.Item;
import dev.shunt.core.Percentage;
import dev.shunt.core.Reason;
import dev.shunt.core.RouteGateway.Dispatch;
import dev.shunt.core.Stamp;
import dev.shunt.embedded.TemporalServerHandle;
import io.temporal.api.common.v1.Payload;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.RawValue;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** What becomes of items that only their workflow holds when somebody ends it. */
@EnabledIf("thereIsAServerWithLists")
class EndedRunsTest extends TemporalSuite {

    @SuppressWarnings("NullAway.Init")
    private WorkflowServiceStubs stubs;

    static boolean thereIsAServerWithLists() {
        return TemporalServerHandle.canRunDevServer();
    }

    @BeforeAll
    void connect() {
        stubs = WorkflowServiceStubs.newServiceStubs(
                WorkflowServiceStubsOptions.newBuilder().setTarget(server()).build());
    }

    @AfterAll
    void disconnect() {
        stubs.shutdownNow();
    }

    @Test
    void terminated_and_cancelled_items_of_a_completed_rollout_are_started_again_once() {
        complete(TemporalRig.settings(line.address()));
        Item terminated = accepted("terminated");
        Item cancelled = accepted("cancelled");
        Item longId = accepted("long".repeat(80));
        Item done = accepted("done");
        rig.done.add(done.key());
        end(terminated, "TERMINATED");
        end(cancelled, "CANCELED");
        end(longId, "TERMINATED");
        end(done, "TERMINATED");

        List<Item> open = List.of(terminated, cancelled, longId);
        lookUntil(() -> open.stream().allMatch(item -> status(item.key()).equals("RUNNING")));
        rig.endedRuns.look(TemporalRig.ECHO);

        assertThat(rig.starts("started")).isEqualTo(4 + 3);
        assertThat(status(done.key())).isEqualTo("TERMINATED");
        open.forEach(item -> rig.gateway.signal(TemporalRig.ECHO, item.key(), "go", "\"test\"".getBytes(UTF_8)));
        rig.awaitStored(prefix + "terminated", "wait");
        rig.awaitStored(prefix + "cancelled", "wait");
        rig.awaitStored(prefix + "long".repeat(80), "wait");
        assertThat(inFlight.census(TemporalRig.ECHO).book()).isEmpty();
    }

    @Test
    void a_run_of_a_life_after_a_death_is_started_again_and_one_of_the_life_that_died_is_not() {
        complete(TemporalRig.settings(line.address()));
        Item died = accepted("died");
        end(died, "TERMINATED");
        rig.dead.put(died.key(), died.acceptedAt());
        Item other = accepted("beside");
        end(other, "TERMINATED");
        lookUntil(() -> status(other.key()).equals("RUNNING"));
        assertThat(status(died.key())).isEqualTo("TERMINATED");

        rig.clock.advance(Duration.ofSeconds(5));
        Item again = accepted("died");
        assertThat(again.key()).isEqualTo(died.key());
        end(again, "TERMINATED");

        lookUntil(() -> status(again.key()).equals("RUNNING"));
    }

    /** After a rollback with recall they were cancelled and their items stored by the legacy route. */
    @Test
    void what_is_older_than_the_ledger_remembers_is_left_alone() {
        complete(TemporalRig.settings(line.address()));
        Item old = rig.item(prefix + "old", "wait", rig.clock.instant().minus(Duration.ofDays(40)));
        assertThat(rig.gateway.dispatchAlone(old, TemporalRig.onTemporal())).isInstanceOf(Dispatch.Accepted.class);
        end(old, "CANCELED");
        Item young = accepted("young");
        end(young, "CANCELED");

        lookUntil(() -> status(young.key()).equals("RUNNING"));
        rig.endedRuns.look(TemporalRig.ECHO);
        assertThat(rig.starts("started")).isEqualTo(3);

        rig.memory = Duration.ofDays(50);
        lookUntil(() -> status(old.key()).equals("RUNNING"));
    }

    @Test
    void messages_are_read_through_the_codecs() {
        complete(TemporalRig.settings(line.address()).codecs(new CodecSettings(List.of("zlib"), "", Map.of())));
        Item item = accepted("coded");
        end(item, "TERMINATED");
        rig.now = TemporalRig.decision(Percentage.ZERO, 8);

        lookUntil(() -> !inFlight.waiting(TemporalRig.ECHO).isEmpty());

        assertThat(inFlight.consume(TemporalRig.ECHO).map(Stamp::split))
                .hasValueSatisfying(split -> assertThat(split.message()).isEqualTo(item.message()));
    }

    @Test
    void after_a_rollback_of_a_completed_rollout_they_go_to_legacy_once_the_flag_can_be_read() {
        complete(TemporalRig.settings(line.address()));
        Item item = accepted("back");
        end(item, "CANCELED");
        rig.completed = false;
        rig.now = TemporalRig.unreadable();
        rig.endedRuns.look(TemporalRig.ECHO);
        assertThat(inFlight.waiting(TemporalRig.ECHO)).isEmpty();
        rig.now = TemporalRig.decision(Percentage.ZERO, 8);

        lookUntil(() -> !inFlight.waiting(TemporalRig.ECHO).isEmpty());
        rig.endedRuns.look(TemporalRig.ECHO);

        assertThat(inFlight.waitingStamps(TemporalRig.ECHO)).singleElement().satisfies(stamp -> {
            assertThat(stamp.key()).isEqualTo(item.key());
            assertThat(stamp.decision().reason()).isEqualTo(Reason.RECALL);
        });
    }

    @Test
    void a_reference_becomes_its_body_again_on_legacy() {
        complete(TemporalRig.settings(line.address()));
        Item item = item("large", "wait");
        Stamp stamp = item.stamp(TemporalRig.onTemporal());
        byte[] body = stamp.appendTo(item.message());
        Claim claim = rig.bodies.keep(TemporalRig.ECHO, item.key(), body, Duration.ZERO);
        rig.workflows.startAlone(
                TemporalRig.ECHO, stamp, stamp.withoutEvidence().appendTo(claim.reference()));
        try {
            end(item, "TERMINATED");
        } catch (WorkflowNotFoundException faster) {
            assertThat(status(item.key())).as("its worker found no message").isEqualTo("FAILED");
        }
        rig.now = TemporalRig.decision(Percentage.ZERO, 8);

        lookUntil(() -> !inFlight.waiting(TemporalRig.ECHO).isEmpty());

        assertThat(inFlight.consume(TemporalRig.ECHO).map(Stamp::split))
                .hasValueSatisfying(split -> assertThat(split.message()).isEqualTo(item.message()));
    }

    @Test
    void what_book_or_registry_still_hold_is_left_to_the_sweeper() {
        startConnected();
        Item item = item("registered", "wait");
        dispatch(item);
        Item alone = accepted("alone");
        end(item, "TERMINATED");
        end(alone, "TERMINATED");
        rig.completed = true;

        lookUntil(() -> status(alone.key()).equals("RUNNING"));

        assertThat(status(item.key())).isEqualTo("TERMINATED");
        assertThat(rig.starts("started")).isEqualTo(3);
    }

    /** Its key was removed; so was the one of an old run, whose id does not tell which item it was. */
    @Test
    void runs_that_cannot_be_read_hide_no_other_and_are_told_of_once() {
        complete(TemporalRig.settings(line.address()).codecs(encryptedWith("new")));
        Item readable = accepted("readable");
        end(readable, "TERMINATED");
        for (String id : List.of("spoilt", "spoilt".repeat(50))) {
            Item spoilt = item(id, "wait");
            startAs(spoilt, readable, Codecs.converter(encryptedWith("removed")));
            end(spoilt, "TERMINATED");
        }

        lookUntil(() -> unreadable() == 2 && status(readable.key()).equals("RUNNING"));
        rig.endedRuns.look(TemporalRig.ECHO);

        assertThat(unreadable()).isEqualTo(2);
    }

    @Test
    void what_is_encrypted_and_read_without_any_key_is_not_passed_over() {
        complete(TemporalRig.settings(line.address()));
        Item readable = accepted("plain");
        Item spoilt = item("sealed", "wait");
        startAs(spoilt, readable, Codecs.converter(encryptedWith("removed")));
        end(readable, "TERMINATED");
        await().atMost(SOON).until(() -> status(spoilt.key()).equals("FAILED")); // its worker finds no message

        lookUntil(() -> unreadable() == 1 && status(readable.key()).equals("RUNNING"));
        rig.done.add(spoilt.key());
        rig.endedRuns.look(TemporalRig.ECHO);
        rig.done.remove(spoilt.key());
        rig.endedRuns.look(TemporalRig.ECHO);

        assertThat(unreadable()).as("settled, it was forgotten").isEqualTo(2);
    }

    @Test
    void at_a_flag_that_is_not_completed_any_more_they_are_registered_so_that_a_rollback_knows_of_them() {
        complete(TemporalRig.settings(line.address()));
        Item item = accepted("ramped");
        Item fenced = accepted("fenced");
        rig.completed = false;
        end(item, "TERMINATED");

        lookUntil(() -> inFlight.census(TemporalRig.ECHO).registry().contains(item.key()));

        assertThat(status(item.key())).as("the sweeper's to start").isEqualTo("TERMINATED");
        rig.sweeper.sweep(TemporalRig.ECHO, Duration.ZERO);
        await().atMost(SOON).until(() -> status(item.key()).equals("RUNNING"));
        inFlight.raiseFence(TemporalRig.ECHO, new Epoch(8));
        end(fenced, "TERMINATED");
        lookUntil(() -> !inFlight.waiting(TemporalRig.ECHO).isEmpty());
        assertThat(inFlight.waitingStamps(TemporalRig.ECHO)).singleElement().satisfies(stamp -> {
            assertThat(stamp.key()).isEqualTo(fenced.key());
            assertThat(stamp.decision().reason()).isEqualTo(Reason.FENCED);
        });
    }

    @Test
    void a_server_without_lists_leaves_it_at_that() {
        inFlight = new InMemoryInFlight();
        rig = new TemporalRig(
                        TemporalRig.settings(TemporalServerHandle.inMemory().address())
                                .inMemory(),
                        inFlight,
                        database)
                .connected();
        rig.completed = true;

        assertThat(rig.endedRuns.look(TemporalRig.ECHO)).isTrue();
    }

    private void complete(TemporalRig.Settings settings) {
        start(settings).connected();
        rig.completed = true;
    }

    private Item accepted(String id) {
        Item item = item(id, "wait");
        assertThat(rig.gateway.dispatchAlone(item, TemporalRig.onTemporal())).isInstanceOf(Dispatch.Accepted.class);
        return item;
    }

    private double unreadable() {
        return rig.meters
                .counter("shunt.temporal.sweeps", "workload", "echo", "action", "unreadable")
                .count();
    }

    private static CodecSettings encryptedWith(String key) {
        return new CodecSettings(
                List.of("aes-gcm"),
                key,
                Map.of(
                        key,
                        Base64.getEncoder()
                                .encodeToString(key.repeat(16).substring(0, 16).getBytes(UTF_8))));
    }

    /** As {@link TemporalGateway#dispatchAlone} of an instance with another key would, where that run is. */
    private void startAs(Item item, Item there, DataConverter converter) {
        var run = WorkflowClient.newInstance(stubs)
                .newUntypedWorkflowStub(WorkflowIds.of(TemporalRig.ECHO, there.key()))
                .describe();
        byte[] stamped = item.stamp(TemporalRig.onTemporal()).appendTo(item.message());
        WorkflowClient.newInstance(
                        stubs,
                        WorkflowClientOptions.newBuilder()
                                .setDataConverter(converter)
                                .build())
                .newUntypedWorkflowStub(
                        run.getWorkflowType(),
                        WorkflowOptions.newBuilder()
                                .setWorkflowId(WorkflowIds.of(TemporalRig.ECHO, item.key()))
                                .setTaskQueue(run.getTaskQueue())
                                .setMemo(Map.of(EndedRunsReader.ALONE, true))
                                .build())
                .start(new RawValue(Payload.newBuilder()
                        .putMetadata("encoding", ByteString.copyFromUtf8("json/plain"))
                        .setData(ByteString.copyFrom(stamped))
                        .build()));
    }

    /** The server lists it a moment later. */
    private void end(Item item, String as) {
        var run =
                WorkflowClient.newInstance(stubs).newUntypedWorkflowStub(WorkflowIds.of(TemporalRig.ECHO, item.key()));
        if (as.equals("CANCELED")) {
            run.cancel("by hand");
        } else {
            run.terminate("by hand");
        }
        await().atMost(SOON).until(() -> status(item.key()).equals(as));
    }

    private void lookUntil(java.util.concurrent.Callable<Boolean> happened) {
        await().atMost(SOON).until(() -> {
            rig.endedRuns.look(TemporalRig.ECHO);
            return happened.call();
        });
    }
}
