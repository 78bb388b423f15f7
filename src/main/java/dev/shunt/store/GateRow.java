package dev.shunt.store;

import dev.shunt.core.WayIn;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a gate sees of an item.
 *
 * @param item a hash of its key
 * @param unit a hash of what was routed as one: its subject, or the bucket of its routing key
 * @param temporal whether it was decided for Temporal
 * @param onTemporal whether it ran there
 * @param bucket the place of its routing key, 0..9999
 * @param basisPoints the percentage that was in force when it was decided
 * @param epoch the flag's version that carried it
 * @param reason why it ran where it ran; a name of {@link dev.shunt.core.Reason}, or one that a later version writes
 * @param state as the ledger has it
 * @param committedAt null: not stored
 * @param attempts tries that it took; 0: not known
 */
public record GateRow(
        long item,
        long unit,
        boolean temporal,
        boolean onTemporal,
        int bucket,
        int basisPoints,
        long epoch,
        String reason,
        WayIn wayIn,
        State state,
        Instant acceptedAt,
        @Nullable Instant committedAt,
        int attempts) {

    /** States of the ledger, PENDING and DONE in one: stored. */
    public enum State {
        OPEN,
        STORED,
        DEAD
    }
}
