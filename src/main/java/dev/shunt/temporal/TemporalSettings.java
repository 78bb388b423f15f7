package dev.shunt.temporal;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How Shunt uses Temporal.
 *
 * @param address {@code host:port} of the frontend; filled by an embedded server when none is configured
 * @param namespace namespace of all workflows; must exist
 * @param inMemory whether the address is the SDK's in-memory server: forgets everything at exit and never frees memory,
 *     so it is capped at 32 items in flight and 20,000 starts
 * @param startDeadline what one workflow start may take in all, RPC retries included; 100 ms..10 s
 * @param lateStartLimit a registered item that waited longer than this for its start goes to legacy; 1 s..60 s. One that
 *     would wait longer than a fifth of it, as starts go lately, goes there at once
 * @param starterQueue how many registered items may wait for their start; 1..100,000
 * @param starterThreads how many starts of registered items run at the same time; 1..64
 * @param sweepInterval pause between two looks at the registry, and the age from which an entry is looked at; 1 s..10 min. Longer
 *     than a registered item may wait for its start, or the sweeper starts what another instance is about to hand over
 * @param startsPerSecond ceiling of this instance, above it items go to legacy as CAPPED; 0..1,000,000,
 *     0 for none
 * @param inFlight ceiling of workflows that this instance started and that have not closed; 0..1,000,000, 0 for none
 * @param maxConcurrentWorkflowTasks slots for workflow tasks of each workload; 2..10,000
 * @param maxConcurrentActivities slots for activities, and as many for local ones, of each workload; 1..10,000
 * @param workflowPollers pollers for workflow tasks of each workload (5 with the in-memory server); 2..1,000
 * @param activityPollers pollers for activities of each workload (5 with the in-memory server); 1..1,000
 * @param cache workflows kept in memory between their tasks; 1..100,000
 * @param warmUp empty workflows that a new instance runs before it lets items in; 0..1,000, 0 for none
 * @param claimCheck messages over this size, stamp included, are kept in Postgres and their workflow gets a reference;
 *     1 KB..1,400 KB, as servers refuse payloads over 2 MB
 * @param drainTimeout how long tasks in hand may take to end when Shunt stops; 0..10 min
 * @param eagerStart whether the server may hand a new workflow's first task to the starting worker at once; off only to
 *     measure the difference
 */
@ConfigurationProperties("shunt.temporal")
record TemporalSettings(
        @DefaultValue("") String address,
        @DefaultValue("default") String namespace,
        @DefaultValue("false") boolean inMemory,
        @DefaultValue("1s") Duration startDeadline,
        @DefaultValue("5s") Duration lateStartLimit,
        @DefaultValue("1000") int starterQueue,
        @DefaultValue("4") int starterThreads,
        @DefaultValue("7s") Duration sweepInterval,
        @DefaultValue("0") int startsPerSecond,
        @DefaultValue("0") int inFlight,
        @DefaultValue("100") int maxConcurrentWorkflowTasks,
        @DefaultValue("200") int maxConcurrentActivities,
        @DefaultValue("10") int workflowPollers,
        @DefaultValue("20") int activityPollers,
        @DefaultValue("1000") int cache,
        @DefaultValue("20") int warmUp,
        @DefaultValue("256KB") DataSize claimCheck,
        @DefaultValue("20s") Duration drainTimeout,
        @DefaultValue("true") boolean eagerStart) {

    private static final int IN_MEMORY_POLLERS = 5;
    private static final int IN_MEMORY_IN_FLIGHT = 32;
    private static final long IN_MEMORY_STARTS = 20_000;

    TemporalSettings {
        if (address.isBlank()) {
            throw new IllegalArgumentException(
                    "shunt.temporal.address must be host:port, was empty: set TEMPORAL_ADDRESS or use an embedded server");
        }
        if (namespace.isBlank()) {
            throw new IllegalArgumentException("shunt.temporal.namespace must not be empty");
        }
        within("start-deadline", startDeadline, Duration.ofMillis(100), Duration.ofSeconds(10));
        within("late-start-limit", lateStartLimit, Duration.ofSeconds(1), Duration.ofSeconds(60));
        within("starter-queue", starterQueue, 1, 100_000);
        within("starter-threads", starterThreads, 1, 64);
        within("sweep-interval", sweepInterval, Duration.ofSeconds(1), Duration.ofMinutes(10));
        within("starts-per-second", startsPerSecond, 0, 1_000_000);
        within("in-flight", inFlight, 0, 1_000_000);
        within("max-concurrent-workflow-tasks", maxConcurrentWorkflowTasks, 2, 10_000);
        within("max-concurrent-activities", maxConcurrentActivities, 1, 10_000);
        within("workflow-pollers", workflowPollers, 2, 1_000);
        within("activity-pollers", activityPollers, 1, 1_000);
        within("cache", cache, 1, 100_000);
        within("warm-up", warmUp, 0, 1_000);
        within("claim-check (bytes)", (int) Math.min(Integer.MAX_VALUE, claimCheck.toBytes()), 1_024, 1_400 * 1_024);
        within("drain-timeout", drainTimeout, Duration.ZERO, Duration.ofMinutes(10));
    }

    /** The in-memory server spends one thread on each waiting poll. */
    int pollersForWorkflowTasks() {
        return inMemory ? Math.min(IN_MEMORY_POLLERS, workflowPollers) : workflowPollers;
    }

    int pollersForActivities() {
        return inMemory ? Math.min(IN_MEMORY_POLLERS, activityPollers) : activityPollers;
    }

    /** 0 for none. The in-memory server's task queue is not first in, first out, and starves tasks under a backlog. */
    int ceilingInFlight() {
        if (!inMemory) {
            return inFlight;
        }
        return inFlight == 0 ? IN_MEMORY_IN_FLIGHT : Math.min(IN_MEMORY_IN_FLIGHT, inFlight);
    }

    /** 0 for none. The in-memory server keeps about 24 KB of each workflow for ever. */
    long ceilingStarts() {
        return inMemory ? IN_MEMORY_STARTS : 0;
    }

    private static void within(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "shunt.temporal." + key + " must be " + least + ".." + most + ", was " + value);
        }
    }

    private static void within(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "shunt.temporal." + key + " must be between " + least + " and " + most + ", was " + value);
        }
    }
}
