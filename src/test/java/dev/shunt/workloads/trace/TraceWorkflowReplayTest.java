package dev.shunt.workloads.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.temporal.common.converter.RawValue;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.workflow.Workflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Workflows that are open while Shunt is updated go on with the new code: every recorded history must replay on it. */
class TraceWorkflowReplayTest {

    private static final Path RECORDED = Path.of("src/test/resources/histories");

    @ParameterizedTest
    @MethodSource("histories")
    void a_history_of_an_older_version_still_replays(Path history) throws Exception {
        WorkflowReplayer.replayWorkflowExecution(Files.readString(history), TraceWorkflowImpl.class);
    }

    @Test
    void there_are_histories_of_every_way_to_end() throws IOException {
        assertThat(histories()).hasSizeGreaterThanOrEqualTo(8);
    }

    @Test
    void changed_steps_are_noticed() throws IOException {
        for (Path history : histories()) {
            String recorded = Files.readString(history);
            assertThatThrownBy(() -> WorkflowReplayer.replayWorkflowExecution(recorded, WithOtherSteps.class))
                    .as(history.toString())
                    .isInstanceOf(Exception.class);
        }
    }

    static List<Path> histories() throws IOException {
        try (Stream<Path> found = Files.walk(RECORDED)) {
            return found.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    /** A bad fixture: it waits before it stores. */
    public static final class WithOtherSteps implements TraceWorkflow {
        @Override
        public Result run(RawValue stamped) {
            Workflow.sleep(Duration.ofSeconds(1));
            return new TraceWorkflowImpl().run(stamped);
        }
    }
}
