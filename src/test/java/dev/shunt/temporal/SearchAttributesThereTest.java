package dev.shunt.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import dev.shunt.core.Item;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.OperatorServiceGrpc;
import io.temporal.api.workflowservice.v1.RegisterNamespaceRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.common.SearchAttributeKey;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** A server that is set up for Shunt while Shunt runs. */
@EnabledIf("dev.shunt.embedded.TemporalServerHandle#canRunDevServer") // the server in memory has no namespaces
class SearchAttributesThereTest extends TemporalSuite {

    private static final SearchAttributeKey<String> WORKLOAD = SearchAttributeKey.forKeyword("ShuntWorkload");

    private final String namespace = "late-" + UUID.randomUUID();
    private final WorkflowServiceStubs stubs = WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(server()).build());

    @AfterAll
    void shutDown() {
        stubs.shutdownNow();
    }

    @Test
    void attributes_that_are_set_up_later_are_on_workflows_from_then_on() {
        makeNamespace();
        start(TemporalRig.settings(line.address()).namespace(namespace)).connected();
        assertThat(isFoundByWorkload(item("before", "wait"))).isFalse();

        var unused = OperatorServiceGrpc.newBlockingStub(stubs.getRawChannel())
                .addSearchAttributes(AddSearchAttributesRequest.newBuilder()
                        .setNamespace(namespace)
                        .putSearchAttributes("ShuntWorkload", IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD)
                        .putSearchAttributes("ShuntProject", IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD)
                        .putSearchAttributes("ShuntEpoch", IndexedValueType.INDEXED_VALUE_TYPE_INT)
                        .build());

        await().atMost(SOON)
                .until(() -> isFoundByWorkload(item(UUID.randomUUID().toString(), "wait")));
    }

    private void makeNamespace() {
        var unused = stubs.blockingStub()
                .registerNamespace(RegisterNamespaceRequest.newBuilder()
                        .setNamespace(namespace)
                        .setWorkflowExecutionRetentionPeriod(
                                Duration.newBuilder().setSeconds(86_400))
                        .build());
    }

    private boolean isFoundByWorkload(Item item) {
        dispatch(item);
        WorkflowClient client = WorkflowClient.newInstance(
                stubs,
                WorkflowClientOptions.newBuilder().setNamespace(namespace).build());
        return TemporalRig.ECHO
                .name()
                .equals(client.newUntypedWorkflowStub("echo:" + item.key())
                        .describe()
                        .getTypedSearchAttributes()
                        .get(WORKLOAD));
    }
}
