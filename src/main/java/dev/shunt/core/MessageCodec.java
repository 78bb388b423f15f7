package dev.shunt.core;

import java.time.Instant;

/** How a workload's unstamped queue messages become items. */
public interface MessageCodec {

    /**
     * @param message as an existing producer pushed it, without a stamp
     * @param now the acceptance time
     */
    Reading read(byte[] message, Instant now);

    sealed interface Reading {
        record Read(Item item) implements Reading {}

        /** @param reason names the field */
        record Undecodable(String reason) implements Reading {}
    }
}
