package dev.shunt.core;

/**
 * Says which messages are remembered in full when they are handed to a worker outside Shunt: to be processed a second time
 * once that worker's results are there, or sent again if it loses them. Called for each message on its way: returns at once, throws nothing.
 */
@FunctionalInterface
public interface ForwardedSample {

    ForwardedSample NONE = (workload, key, bytes) -> false;

    /** @param bytes of the message */
    boolean takes(Workload workload, ItemKey key, int bytes);
}
