package dev.shunt.core;

/** Starts workflows of items that are in the registry already. The tap's way to Temporal; never blocks. */
public interface RegisteredStarter {

    /**
     * Queues one start. A start that fails or cannot be made in time hands the item to legacy by itself.
     *
     * @return false if the queue is full, or its turn would not come soon: the caller hands the item to legacy as CAPPED
     */
    boolean offer(Workload workload, Stamp stamp, byte[] message);
}
