package dev.shunt.core;

import java.util.Map;
import java.util.Set;

/** The configured workloads. */
public record WorkloadCatalog(Map<Workload, WorkloadSettings> settings) {

    public WorkloadCatalog {
        settings = Map.copyOf(settings);
    }

    public Set<Workload> workloads() {
        return settings.keySet();
    }

    /** @throws IllegalArgumentException if there is no block of configuration for it */
    public WorkloadSettings of(Workload workload) {
        WorkloadSettings found = settings.get(workload);
        if (found == null) {
            throw new IllegalArgumentException("no configuration shunt.workloads." + workload + ".*; known: "
                    + settings.keySet().stream().map(Workload::name).sorted().toList());
        }
        return found;
    }
}
