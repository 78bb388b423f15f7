package dev.shunt.core;

import java.time.Duration;

/** Is told of each item that a lane of the store has just committed. */
public interface CommitListener {

    /**
     * Called in the lane's own thread, between two commits: returns at once, whatever is the matter, and throws nothing.
     *
     * @param delivery what was committed; nobody else had committed its item before
     * @param pending whether a later step of it is still to be finished
     */
    void stored(Delivery delivery, boolean pending);

    /**
     * Called likewise for each item of a group, whatever became of it.
     *
     * @param group size of its group
     * @param took from the beginning of the group's transaction to its end
     */
    default void written(Delivery delivery, ItemHandler.Outcome outcome, int group, Duration took) {}
}
