package dev.shunt.temporal;

import dev.shunt.core.WorkflowBinding;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.core.WorkloadDefinition;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What each workload starts on Temporal, and on which task queue. */
final class Bindings {

    static final Bindings NONE = new Bindings(List.of(), new WorkloadCatalog(Map.of()));

    private final Map<Workload, Bound> bound;

    Bindings(List<WorkloadDefinition> definitions, WorkloadCatalog catalog) {
        bound = definitions.stream()
                .map(definition -> new Bound(
                        definition,
                        definition.workflow(),
                        catalog.of(definition.workload()).taskQueue()))
                .collect(Collectors.toUnmodifiableMap(each -> each.definition().workload(), Function.identity()));
        Set<String> queues = bound.values().stream().map(Bound::taskQueue).collect(Collectors.toSet());
        if (queues.size() < bound.size()) {
            throw new IllegalArgumentException("shunt.workloads.*.task-queue must differ between workloads, were "
                    + bound.values().stream().map(Bound::taskQueue).sorted().toList());
        }
    }

    Bound of(Workload workload) {
        Bound found = bound.get(workload);
        if (found == null) {
            throw new IllegalArgumentException("no workload '" + workload + "' is defined");
        }
        return found;
    }

    Collection<Bound> all() {
        return bound.values();
    }

    /** One workload's side of Temporal. */
    record Bound(WorkloadDefinition definition, WorkflowBinding binding, String taskQueue) {}
}
