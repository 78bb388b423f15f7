package dev.shunt.core;

/** Starts workflows of items that are in the registry already. The tap's way to Temporal; never blocks. */
public interface RegisteredStarter {

    /**
     * Queues one start. A start that fails later hands the item to legacy by itself.
     *
     * @return false if the queue is full: the caller hands the item to legacy as CAPPED
     */
    boolean offer(Workload workload, Stamp stamp, byte[] message);
}
