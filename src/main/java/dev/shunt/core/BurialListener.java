package dev.shunt.core;

import dev.shunt.core.DeadLetters.DeadLetter;

/** Is told of each accepted item that has just become a dead letter. */
@FunctionalInterface
public interface BurialListener {

    /**
     * Called by whoever buried it, after its letter is durable: returns at once, whatever is the matter, and throws nothing.
     * A burial that is repeated after a crash may be told twice.
     *
     * @param letter of an item that had been accepted
     * @param stamp what was decided about it
     */
    void buried(DeadLetter letter, Stamp stamp);
}
