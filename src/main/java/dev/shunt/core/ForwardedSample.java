package dev.shunt.core;

/**
 * Says which messages are remembered in full when they are handed to a worker outside Shunt: those that are to be processed
 * a second time once that worker's results are there. Called for each message on its way: returns at once, throws nothing.
 */
@FunctionalInterface
public interface ForwardedSample {

    ForwardedSample NONE = (workload, key, bytes) -> false;

    /** @param bytes of the message */
    boolean takes(Workload workload, ItemKey key, int bytes);
}
