package dev.shunt.legacy;

import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.core.WorkloadDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Starts and stops the consumers of every workload that has both configuration and a definition. */
final class LegacyConsumers implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(LegacyConsumers.class);

    /** Starts before the door and stops after it, and the other way round with the route that the tap hands items to. */
    private static final int PHASE = 2_000;

    private final WorkloadCatalog catalog;
    private final List<WorkloadDefinition> definitions;
    private final Function<WorkloadDefinition, ConsumerGroup> groups;
    private final List<ConsumerGroup> running = new ArrayList<>();

    LegacyConsumers(
            WorkloadCatalog catalog,
            List<WorkloadDefinition> definitions,
            Function<WorkloadDefinition, ConsumerGroup> groups) {
        this.catalog = catalog;
        this.definitions = List.copyOf(definitions);
        this.groups = groups;
    }

    /** Does not wait for Redis: the loops connect when it is there. */
    @Override
    public synchronized void start() {
        for (WorkloadDefinition definition : definitions) {
            Workload workload = definition.workload();
            if (!catalog.workloads().contains(workload)) {
                log.warn(
                        "Workload {} has no configuration shunt.workloads.{}.*; nothing consumes it",
                        workload,
                        workload);
                continue;
            }
            ConsumerGroup group = groups.apply(definition);
            group.start();
            running.add(group);
        }
    }

    @Override
    public synchronized void stop() {
        running.forEach(ConsumerGroup::stop);
        running.clear();
    }

    @Override
    public synchronized boolean isRunning() {
        return !running.isEmpty();
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
