package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.bridge.Client.Answer;
import dev.shunt.embedded.TemporalServerHandle;
import dev.shunt.embedded.TestBackends;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowStub;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** What a person ends on Temporal after a rollout was completed, where no other route has it. */
@Tag("slow")
class EndedByHandTest extends RetirementSuite {

    @Test
    @EnabledIf("thereIsAServerWithLists")
    void what_a_person_ends_is_stored_once_unless_it_is_written_down_as_discarded() {
        retire();
        service.close();
        redis.stop();
        service = start(TestBackends.temporalAddress(), "--shunt.roles=ingest,console"); // without workers
        await().atMost(SOON).untilAsserted(() -> accepted(body("ended-terminated")));
        Answer terminated = accepted(body("ended-terminated"));
        Answer cancelled = accepted(body("ended-cancelled"));
        Answer discarded = accepted(body("discarded"));
        String large = "x".repeat(400_000);
        Answer reference = accepted(body("ended-large").replace("\"name\":\"n\"", "\"name\":\"" + large + "\""));
        sql.sql("""
                insert into dead_letter (workload, raw_sha256, item_key, raw, route, reason, attempts, died_at, state)
                values ('trace', '', ?, '', 'TEMPORAL', 'given up by anna: why', 0, clock_timestamp(), 'DISCARDED')
                """)
                .param(discarded.text("workflow_id").substring("trace:".length()))
                .update();
        try (var temporal = new Workflows()) {
            temporal.run(terminated).terminate("by hand");
            temporal.run(reference).terminate("by hand");
            temporal.run(discarded).terminate("by hand");
            temporal.run(cancelled).cancel(); // which the first worker carries out
            service.close();
            service = start(TestBackends.temporalAddress());

            assertStoredOnce("ended", 3);
            assertThat(temporal.run(discarded).describe().getStatus())
                    .isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED);
        }
        assertThat(count("select count(*) from span where trace_id like 'discarded%'"))
                .isZero();
    }

    static boolean thereIsAServerWithLists() {
        return TemporalServerHandle.canRunDevServer();
    }

    /** As the {@code temporal} command sees them. */
    private static final class Workflows implements AutoCloseable {

        private final WorkflowServiceStubs stubs =
                WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                        .setTarget(TestBackends.temporalAddress())
                        .build());

        WorkflowStub run(Answer accepted) {
            return WorkflowClient.newInstance(stubs).newUntypedWorkflowStub(accepted.text("workflow_id"));
        }

        @Override
        public void close() {
            stubs.shutdownNow();
        }
    }
}
