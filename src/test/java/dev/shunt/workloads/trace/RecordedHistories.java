package dev.shunt.workloads.trace;

import dev.shunt.core.ItemHandler.Outcome;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the histories that {@link TraceWorkflowReplayTest} replays. Run by hand for a new version of the workflow, with
 * {@code -Dtest=RecordedHistories -Dshunt.record-histories=<version>}; histories of older versions are never recorded again.
 */
@EnabledIfSystemProperty(named = "shunt.record-histories", matches = "v\\d+")
class RecordedHistories {

    private static final Logger log = LoggerFactory.getLogger(RecordedHistories.class);

    private static final Map<String, Consumer<ScriptedEffects>> SCRIPTS = Map.of(
            "stored-at-once",
            effects -> {},
            "stored-by-an-ordinary-step",
            effects -> effects.thenPersistFails(3),
            "finished-by-later-steps",
            effects -> effects.thenPersist(new Outcome.Stored(true)),
            "later-steps-failed",
            effects -> effects.thenPersist(new Outcome.Stored(true)).thenLaterStepsFail(3),
            "buried",
            effects -> effects.thenPersist(new Outcome.Rejected("spans[0].id holds NUL")),
            "buried-after-an-outage",
            effects -> effects.thenPersistFails(2).thenPersist(new Outcome.Rejected("spans[0].id holds NUL")),
            "cancelled",
            effects -> effects.thenPersistFails(1_000));

    @TestFactory
    Stream<DynamicTest> record() {
        return SCRIPTS.entrySet().stream()
                .map(each ->
                        DynamicTest.dynamicTest(each.getKey(), () -> record(each.getKey(), each.getValue(), false)));
    }

    @TestFactory
    DynamicTest recordRemote() {
        return DynamicTest.dynamicTest("remote-steps", () -> record("remote-steps", effects -> {}, true));
    }

    private static void record(String name, Consumer<ScriptedEffects> script, boolean remote) throws IOException {
        try (var rig = new WorkflowRig(remote)) {
            script.accept(rig.effects);
            WorkflowStub stub = rig.start();
            if (name.equals("cancelled")) {
                rig.environment.sleep(Duration.ofMinutes(1));
                stub.cancel("recalled");
            }
            try {
                stub.getResult(TraceWorkflow.Result.class);
            } catch (WorkflowFailedException expected) {
                log.info("{} ended as {}", name, expected.getWorkflowCloseEventType());
            }
            Path folder = Path.of("src/test/resources/histories", System.getProperty("shunt.record-histories"));
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(name + ".json"), rig.history() + "\n");
        }
    }
}
