package dev.shunt.core;

/** The copies of dead letters that the legacy route keeps where the old worker put them. Only copies: the table is the truth. */
public interface DeadLetterList {

    /**
     * Removes every copy of a message.
     *
     * @param raw the message without a stamp
     * @return how many there were
     * @throws UnavailableException if the list cannot be reached; the copies may stay
     */
    long forget(Workload workload, byte[] raw);

    /**
     * How many messages are in the list, copies or not.
     *
     * @throws UnavailableException if the list cannot be reached
     */
    long size(Workload workload);
}
