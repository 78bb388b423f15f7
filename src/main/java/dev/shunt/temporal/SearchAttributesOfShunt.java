package dev.shunt.temporal;

import dev.shunt.core.Stamp;
import dev.shunt.core.Workload;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.OperatorServiceGrpc;
import io.temporal.common.SearchAttributeKey;
import io.temporal.common.SearchAttributes;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/** What makes Shunt's workflows findable on servers that were set up for it. */
final class SearchAttributesOfShunt {

    private static final SearchAttributeKey<String> WORKLOAD = SearchAttributeKey.forKeyword("ShuntWorkload");
    private static final SearchAttributeKey<String> PROJECT = SearchAttributeKey.forKeyword("ShuntProject");
    private static final SearchAttributeKey<Long> EPOCH = SearchAttributeKey.forLong("ShuntEpoch");

    private SearchAttributesOfShunt() {}

    static SearchAttributes of(Workload workload, Stamp stamp) {
        return SearchAttributes.newBuilder()
                .set(WORKLOAD, workload.name())
                .set(PROJECT, stamp.key().project())
                .set(EPOCH, stamp.decision().epoch().value())
                .build();
    }

    /**
     * A start with an attribute that the server does not know is refused, so it is asked before.
     *
     * @return why workflows go without; empty if the server has them all
     */
    static String missing(WorkflowServiceStubs stubs, String namespace, RpcDeadline deadline, Duration limit) {
        try {
            Set<String> there = deadline.within(
                            limit,
                            // by the channel that carries the API key
                            () -> OperatorServiceGrpc.newBlockingStub(
                                            stubs.blockingStub().getChannel())
                                    .listSearchAttributes(ListSearchAttributesRequest.newBuilder()
                                            .setNamespace(namespace)
                                            .build()))
                    .getCustomAttributesMap()
                    .keySet();
            Set<String> missing = new TreeSet<>(Set.of(WORKLOAD.getName(), PROJECT.getName(), EPOCH.getName()));
            missing.removeAll(there);
            return missing.isEmpty() ? "" : "namespace " + namespace + " does not have " + String.join(", ", missing);
        } catch (Exception unsupported) {
            return "the server does not list them (" + unsupported.getMessage() + ")";
        }
    }
}
