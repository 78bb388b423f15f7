package dev.shunt.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The table of dead letters: the truth about items that cannot be processed. Written before anything is removed. */
public interface DeadLetters {

    /**
     * Writes one dead letter, once for each (workload, raw bytes, key).
     *
     * @throws UnavailableException if the table cannot be written: the item must stay where it is
     */
    void record(DeadLetter letter);

    /**
     * @param key null if the message could not be decoded far enough to have one
     * @param raw the message as the producer sent it, without a stamp
     * @param stamp what had been decided, if it had been accepted
     * @param reason names the field
     */
    record DeadLetter(
            Workload workload,
            @Nullable ItemKey key,
            @SuppressWarnings("ArrayRecordComponent") byte[] raw,
            @Nullable Stamp stamp,
            Route route,
            String reason,
            int attempts,
            Instant diedAt) {}
}
