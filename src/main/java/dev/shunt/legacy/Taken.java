package dev.shunt.legacy;

import dev.shunt.core.Delivery;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Stamp;
import org.jspecify.annotations.Nullable;

/** What a message in a processing list turned out to be. */
@SuppressWarnings("ArrayRecordComponent")
sealed interface Taken {

    /** The message as it is in the list, with its stamp if it has one. */
    byte[] raw();

    /**
     * To be handled here.
     *
     * @param stamped whether its stamp came with it: it is in the book since its acceptance
     */
    record ForLegacy(byte[] raw, Delivery delivery, boolean stamped) implements Taken {

        /** The same, after so many tries that nobody knows the end of. */
        ForLegacy triedAgain(int times) {
            return times == 0 ? this : new ForLegacy(raw, delivery.triedAgain(times), stamped);
        }
    }

    /**
     * To be moved into the registry.
     *
     * @param stamped whether its stamp came with it
     */
    record ForTemporal(byte[] raw, byte[] message, Stamp stamp, boolean stamped) implements Taken {}

    /** Handed out again although it was done: only to be acknowledged. */
    record AlreadySettled(byte[] raw, ItemKey key) implements Taken {}

    /**
     * To be dead-lettered.
     *
     * @param message without the stamp
     * @param reason names the field
     */
    record Dead(
            byte[] raw,
            byte[] message,
            @Nullable ItemKey key,
            @Nullable Stamp stamp,
            String reason,
            int attempts) implements Taken {}
}
