package dev.shunt.core;

/** Is told of each item that a lane of the store has just committed. */
@FunctionalInterface
public interface CommitListener {

    /**
     * Called in the lane's own thread, between two commits: returns at once, whatever is the matter, and throws nothing.
     *
     * @param delivery what was committed; nobody else had committed its item before
     * @param pending whether a later step of it is still to be finished
     */
    void stored(Delivery delivery, boolean pending);
}
