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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What makes Shunt's workflows findable on servers that were set up for it. */
final class SearchAttributesOfShunt {

    private static final Logger log = LoggerFactory.getLogger(SearchAttributesOfShunt.class);
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

    /** A start with an attribute that the server does not know is refused, so it is asked once. */
    static boolean known(WorkflowServiceStubs stubs, String namespace, RpcDeadline deadline, Duration limit) {
        try {
            Set<String> there = deadline.within(
                            limit,
                            () -> OperatorServiceGrpc.newBlockingStub(stubs.getRawChannel())
                                    .listSearchAttributes(ListSearchAttributesRequest.newBuilder()
                                            .setNamespace(namespace)
                                            .build()))
                    .getCustomAttributesMap()
                    .keySet();
            return there.containsAll(Set.of(WORKLOAD.getName(), PROJECT.getName(), EPOCH.getName()));
        } catch (Exception unsupported) {
            log.info(
                    "The server does not list search attributes ({}); workflows go without.", unsupported.getMessage());
            return false;
        }
    }
}
